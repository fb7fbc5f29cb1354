import {
  CableCarError,
  formatEndpoint,
  isEncrypted,
  type Endpoint,
  type Greeting,
  type PeerId,
  type Role,
  type SecurePeer,
  type SharedSecret,
} from '@cablecar/core-protocol';
import { Proofs } from '../security/proofs.ts';

/** What the other end has to show before its word is believed. */
export interface Demands {
  /** Whether there is a key at the other end. */
  readonly isSecured: boolean;
  /** What both ends have to have, where this one has it. */
  readonly secret: SharedSecret | undefined;
  /** Who is expected there, where that is known. */
  readonly expected: PeerId | undefined;
  readonly role: Role;
  readonly remote: Endpoint;
}

/** What the other end of a connection has shown. */
export class Credentials {
  readonly #demands: Demands;
  #peer: SecurePeer | undefined;
  #proofs: Proofs | undefined;

  constructor(demands: Demands) {
    this.#demands = demands;
  }

  /** It has shown its key. Whoever has a secret proves it to nobody but whom it expects. */
  secured(peer: SecurePeer): CableCarError | undefined {
    const { secret, role, expected } = this.#demands;
    this.#peer = peer;
    if (secret === undefined) return undefined;
    this.#proofs = new Proofs(secret, role, peer);
    return expected === undefined || expected === peer.id ? undefined : this.#stranger(expected);
  }

  /** What goes before our own greeting. */
  proof(): Uint8Array | undefined {
    return this.#proofs?.make();
  }

  /** It has shown a proof. Answers what is wrong with that. */
  take(proof: Uint8Array): CableCarError | undefined {
    if (this.#proofs === undefined) return this.#secretFault('has a secret', 'none, as here');
    if (this.#proofs.isProven) return this.#secretFault('proved its secret twice', 'once');
    this.#proofs.take(proof);
    return this.#proofs.isProven ? undefined : this.#secretFault('has another secret', 'ours');
  }

  /** What keeps us from so much as reading its greeting. */
  lack(): CableCarError | undefined {
    if (this.#proofs === undefined || this.#proofs.isProven) return undefined;
    return this.#secretFault('has no secret', 'ours');
  }

  /** What keeps us from believing its greeting. */
  fault({ id }: Greeting): CableCarError | undefined {
    return !this.#demands.isSecured || id === this.#peer?.id ? undefined : this.#stranger(id);
  }

  /** Whether what came first shows that the other end encrypts while this one does not. */
  isMistaken(bytes: Uint8Array): boolean {
    return !this.#demands.isSecured && isEncrypted(bytes, this.#demands.role);
  }

  modeFault(): CableCarError {
    const sentence = `${formatEndpoint(this.#demands.remote)} encrypts, expected that it does not, as here`;
    return new CableCarError('ERR_SECURITY_MODE', sentence);
  }

  #stranger(expected: PeerId): CableCarError {
    const seen = `the key of ${formatEndpoint(this.#demands.remote)} is that of ${this.#peer?.id}`;
    return new CableCarError('ERR_IDENTITY', `${seen}, expected that of ${expected}`);
  }

  #secretFault(seen: string, expected: string): CableCarError {
    const sentence = `${formatEndpoint(this.#demands.remote)} ${seen}, expected ${expected}`;
    return new CableCarError('ERR_SECRET', sentence);
  }
}
