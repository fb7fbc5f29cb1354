import {
  ByteWriter,
  encodeGreeting,
  encodeRejection,
  FRAME,
  TLS_VERSION_ALERT,
  writeClose,
  writeFrame,
  type Greeting,
  type Rejection,
} from '@cablecar/core-protocol';
import type { HandshakeEvent, HandshakeOutput } from './handshake-types.ts';

const NOTHING = new Uint8Array();

/** What the rules of a handshake say to the other end, and tell at this one. */
export class HandshakeOutputs {
  #outputs: HandshakeOutput[] = [];

  /** What there is, once. */
  take(): readonly HandshakeOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /** HELLO or WELCOME, behind our proof where there is one. */
  introduce(
    type: typeof FRAME.HELLO | typeof FRAME.WELCOME,
    greeting: Greeting,
    proof: Uint8Array | undefined,
  ): void {
    if (proof !== undefined) this.#write(FRAME.PROOF, proof);
    this.#write(type, encodeGreeting(greeting));
  }

  ready(): void {
    this.#write(FRAME.READY, NOTHING);
  }

  /** REJECT, and no more from this end. */
  reject(rejection: Rejection): void {
    this.#write(FRAME.REJECT, encodeRejection(rejection));
    this.#outputs.push({ kind: 'end' });
  }

  /** In place of REJECT, to whoever encrypts; and no more from this end. */
  alert(): void {
    this.#outputs.push({ kind: 'write', bytes: TLS_VERSION_ALERT }, { kind: 'end' });
  }

  /** The goodbye of a link that the other end may have already, and no more from this end. */
  goodbye(reason: string): void {
    const writer = new ByteWriter();
    writeClose(writer, { code: 0, reason });
    this.#outputs.push({ kind: 'write', bytes: writer.copyItem() }, { kind: 'end' });
  }

  /** The connection goes, and nobody is to think of it any more. */
  over(): void {
    this.#outputs.push({ kind: 'destroy' }, { kind: 'event', event: { kind: 'over' } });
  }

  tell(event: HandshakeEvent): void {
    this.#outputs.push({ kind: 'event', event });
  }

  #write(type: number, payload: Uint8Array): void {
    const writer = new ByteWriter(payload.length + 8);
    writeFrame(writer, type, payload);
    this.#outputs.push({ kind: 'write', bytes: writer.copyItem() });
  }
}
