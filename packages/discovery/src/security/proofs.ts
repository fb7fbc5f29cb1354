import type { Role, SecurePeer, SharedSecret } from '@cablecar/core-protocol';

const LABEL = Buffer.from('cablecar/1 proof');

/**
 * The proofs that both ends of one connection have the secret. Each is bound to the end that makes it, so that none can
 * be sent back, and to the keys of both, so that none is worth anything on another connection.
 * @see docs/security.md
 */
export class Proofs {
  readonly #secret: SharedSecret;
  readonly #role: Role;
  readonly #bindings: readonly Uint8Array[];
  /** The one that the other end has used, which it is answered with. */
  #used: Uint8Array | undefined;

  constructor(secret: SharedSecret, role: Role, { bindings }: SecurePeer) {
    this.#secret = secret;
    this.#role = role;
    this.#bindings = bindings;
  }

  /** Whether the other end's proof was right. */
  get isProven(): boolean {
    return this.#used !== undefined;
  }

  /** Our own proof. */
  make(): Uint8Array {
    const [best] = this.#bindings;
    return this.#secret.prove(pieces(this.#role, this.#used ?? (best as Uint8Array)));
  }

  /** Takes the other end's. */
  take(proof: Uint8Array): void {
    const other = this.#role === 'dialler' ? 'acceptor' : 'dialler';
    this.#used = this.#bindings.find((it) => this.#secret.isProof(proof, pieces(other, it)));
  }
}

function pieces(role: Role, binding: Uint8Array): Uint8Array[] {
  return [LABEL, Buffer.from(role), binding];
}
