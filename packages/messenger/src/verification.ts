import { createHash } from 'node:crypto';
import {
  ByteWriter,
  CableCarError,
  FRAME,
  within,
  writeFrame,
  type Link,
  type PeerId,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { SessionInput } from './session-types.ts';

const NONCE_BYTES = 32;
const DIGITS = 6;

/** Whom a verification tells. None of these may throw. */
export interface VerificationListener {
  /** A control frame is to be written. */
  onFrame(bytes: Uint8Array): void;
  /** The peer waits for this end to verify as well. */
  onAsked(): void;
  onFault(error: CableCarError): void;
}

/** One comparison, from the first call to the code. */
interface Round {
  readonly nonce: Uint8Array;
  /** Whether the peer has been told of it. */
  isTold: boolean;
  readonly code: Promise<string>;
  readonly resolve: (code: string) => void;
  readonly reject: (error: CableCarError) => void;
}

/**
 * A short code for two people to compare. Each end says first what it will not be able to change any more (COMMIT), and
 * shows it (REVEAL) when the other has done so too; so nobody in the middle can try keys until the codes agree.
 * @see docs/protocol.md §6.7
 */
export class Verification {
  readonly #link: Link;
  readonly #listener: VerificationListener;
  #isOpen = false;
  #round: Round | undefined;
  /** What the peer has committed itself to. */
  #commitment: Uint8Array | undefined;

  constructor(link: Link, listener: VerificationListener) {
    this.#link = link;
    this.#listener = listener;
  }

  /** The code, once both ends have asked. */
  async ask(options: WaitOptions): Promise<string> {
    const own = this.#link.ownId;
    if (own === undefined) {
      const sentence =
        'verify() was called where there are no keys to compare, expected encryption';
      throw new CableCarError('ERR_STATE', sentence);
    }
    const { code } = (this.#round ??= this.#begin());
    this.#tell();
    return within(code, "the peer's verify()", { ...options, clock: this.#link.clock });
  }

  /** Takes a control frame, where it is for this. Without keys there is nothing to verify, and it is skipped. */
  take({ type, bytes, start, end }: SessionInput & { kind: 'control' }): void {
    if (this.#link.ownId === undefined) return;
    const payload = Uint8Array.prototype.slice.call(bytes, start, end);
    if (type === FRAME.COMMIT) this.#committed(payload);
    if (type === FRAME.REVEAL) this.#revealed(payload);
  }

  /** Both ends have said OPEN on the present connection. */
  open(): void {
    this.#isOpen = true;
    this.#tell();
  }

  /** There is no connection any more; both ends begin anew. */
  abandon(error: CableCarError): void {
    this.#isOpen = false;
    this.#round?.reject(error);
    this.#round = this.#commitment = undefined;
  }

  #begin(): Round {
    const { random } = this.#link;
    let [resolve, reject]: [Round['resolve'], Round['reject']] = [() => {}, () => {}];
    const code = new Promise<string>((...both) => ([resolve, reject] = both));
    code.catch(() => {}); // whoever asked may have given up
    return { nonce: random.bytes(NONCE_BYTES), isTold: false, code, resolve, reject };
  }

  #tell(): void {
    const [round, own] = [this.#round, this.#link.ownId];
    if (!this.#isOpen || round === undefined || round.isTold || own === undefined) return;
    round.isTold = true;
    this.#write(FRAME.COMMIT, commitmentTo(round.nonce, own));
    if (this.#commitment !== undefined) this.#write(FRAME.REVEAL, round.nonce);
  }

  #committed(commitment: Uint8Array): void {
    if (this.#commitment !== undefined) return this.#fault('two commitments');
    this.#commitment = commitment;
    if (this.#round?.isTold !== true) this.#listener.onAsked();
    else this.#write(FRAME.REVEAL, this.#round.nonce);
  }

  #revealed(nonce: Uint8Array): void {
    const [round, commitment] = [this.#round, this.#commitment];
    const { ownId: own, peer } = this.#link;
    if (round === undefined || commitment === undefined || own === undefined) {
      return this.#fault('what it had not committed itself to');
    }
    if (!commitmentTo(nonce, peer.id).equals(commitment)) {
      return this.#fault('something other than it had committed itself to');
    }
    this.#round = this.#commitment = undefined;
    round.resolve(codeOf([own, round.nonce], [peer.id, nonce]));
  }

  #fault(what: string): void {
    const sentence = `the peer showed ${what} in a verification, expected each end to commit once`;
    this.#listener.onFault(new CableCarError('ERR_FRAME', sentence));
  }

  #write(type: number, payload: Uint8Array): void {
    const writer = new ByteWriter(NONCE_BYTES + 4);
    writeFrame(writer, type, payload);
    this.#listener.onFrame(writer.copyItem());
  }
}

/** Whose it is is part of it, so that nobody can send somebody's own back. */
function commitmentTo(nonce: Uint8Array, id: PeerId): Buffer {
  return hash('cablecar/1 commit', Buffer.from(id, 'hex'), nonce);
}

/** The same whichever end is first. */
function codeOf(...ends: [id: PeerId, nonce: Uint8Array][]): string {
  ends.sort(([one], [other]) => (one < other ? -1 : 1));
  const ids = ends.map(([id]) => Buffer.from(id, 'hex'));
  const nonces = ends.map(([, nonce]) => nonce);
  const number = hash('cablecar/1 code', ...ids, ...nonces).readUIntBE(0, 6);
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

function hash(label: string, ...pieces: readonly Uint8Array[]): Buffer {
  const sum = createHash('sha256').update(label);
  for (const piece of pieces) sum.update(piece);
  return sum.digest();
}
