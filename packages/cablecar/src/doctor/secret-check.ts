import type { Endpoint, SharedSecret } from '@cablecar/core-protocol';
import { SealedBeacons } from '@cablecar/discovery';

/** So short that it is no easier to guess by than a sealed beacon, which everybody on the network has as well. */
const PROOF_BYTES = 4;

/** Whether others have the secret of the programs that are to meet. */
export class SecretCheck {
  readonly #secret: SharedSecret | undefined;
  readonly #sealed: SealedBeacons | undefined;

  /** Without a secret nothing is known. */
  constructor(secret: SharedSecret | undefined) {
    this.#secret = secret;
    this.#sealed = secret && new SealedBeacons(secret, () => {});
  }

  /** What was sealed with the secret; undefined when nothing was. */
  open(datagram: Uint8Array, from: Endpoint): Uint8Array | undefined {
    return this.#sealed?.open(datagram, from);
  }

  /** What a doctor shows for having the secret: it is worth nothing for another one. */
  proofOf(id: string): string | undefined {
    const proof = this.#secret?.prove([Buffer.from('doctor'), Buffer.from(id)]);
    return proof && Buffer.from(proof.subarray(0, PROOF_BYTES)).toString('hex');
  }

  /** Whether another doctor has the same secret; undefined where one of the two was given none. */
  isSame(id: string, proof: string | undefined): boolean | undefined {
    const own = this.proofOf(id);
    return own === undefined || proof === undefined ? undefined : own === proof;
  }
}
