import type { SharedSecret } from '@cablecar/core-protocol';
import { Digest } from './digest.ts';

const PROOF_BYTES = 32;
/** What sealing adds on Node: nonce and tag. */
const SEAL_BYTES = 28;

/** A secret that tells who has it from who has not, and hides nothing. */
export class SimSecret implements SharedSecret {
  readonly #key: string;

  constructor(secret: string, scope: string) {
    this.#key = `${scope}|${secret}`;
  }

  prove(pieces: readonly Uint8Array[]): Buffer {
    return this.#mark('proof', pieces, PROOF_BYTES);
  }

  isProof(proof: Uint8Array, pieces: readonly Uint8Array[]): boolean {
    return this.prove(pieces).equals(proof);
  }

  seal(bytes: Uint8Array): Buffer {
    return Buffer.concat([this.#mark('seal', [bytes], SEAL_BYTES), bytes]);
  }

  unseal(sealed: Uint8Array): Uint8Array | undefined {
    const bytes = sealed.subarray(SEAL_BYTES);
    const mark = sealed.subarray(0, SEAL_BYTES);
    return this.#mark('seal', [bytes], SEAL_BYTES).equals(mark) ? bytes : undefined;
  }

  #mark(purpose: string, pieces: readonly Uint8Array[], length: number): Buffer {
    const digest = new Digest();
    digest.text(`${this.#key}|${purpose}`);
    for (const piece of pieces) digest.text(Buffer.from(piece).toString('hex'));
    return Buffer.alloc(length, Buffer.from(digest.hex(), 'hex'));
  }
}
