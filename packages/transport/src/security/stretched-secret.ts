import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import type { SharedSecret } from '@cablecar/core-protocol';

/** What a guess costs: 128 MiB, and about 0.4 s of a core. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 };
const SALT = 'cablecar/1 secret|';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const stretching = new Map<string, Promise<SharedSecret>>();

/** The secret as keys, once in a process for each secret and scope; again where that failed, for want of memory. */
export function stretch(secret: string, scope: string): Promise<SharedSecret> {
  const key = `${scope.length}|${scope}|${secret}`;
  const known = stretching.get(key);
  if (known !== undefined) return known;
  const begun = begin(secret, scope);
  stretching.set(key, begun);
  begun.catch(() => stretching.delete(key));
  return begun;
}

function begin(secret: string, scope: string): Promise<SharedSecret> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFC'), SALT + scope, KEY_BYTES, COST, (error, key) => {
      // Where all went well Node gives null, and other runtimes undefined.
      if (error instanceof Error) reject(error);
      else resolve(new StretchedSecret(key));
    });
  });
}

/**
 * The keys of a secret: one for proofs (HMAC-SHA-256) and one for what is sealed (AES-256-GCM under a random nonce).
 * @see docs/security.md
 */
class StretchedSecret implements SharedSecret {
  readonly #proofKey: Buffer;
  readonly #sealKey: Buffer;

  /** Of a secret that was stretched. */
  constructor(key: Uint8Array) {
    this.#proofKey = derive(key, 'cablecar/1 proof');
    this.#sealKey = derive(key, 'cablecar/1 seal');
  }

  prove(pieces: readonly Uint8Array[]): Buffer {
    const mac = createHmac('sha256', this.#proofKey);
    // Each behind its length, so that no two lists of pieces are the same bytes.
    for (const piece of pieces) mac.update(lengthOf(piece)).update(piece);
    return mac.digest();
  }

  isProof(proof: Uint8Array, pieces: readonly Uint8Array[]): boolean {
    const right = this.prove(pieces);
    return proof.length === right.length && timingSafeEqual(proof, right);
  }

  seal(bytes: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, nonce);
    return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  unseal(sealed: Uint8Array): Buffer | undefined {
    if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.#sealKey, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const bytes = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([bytes, decipher.final()]);
    } catch {
      return undefined;
    }
  }
}

function derive(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, KEY_BYTES));
}

function lengthOf(piece: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  return length;
}
