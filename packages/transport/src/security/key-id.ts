import { createHash, type KeyObject } from 'node:crypto';
import type { PeerId } from '@cablecar/core-protocol';

const ID_BYTES = 16;

/** A public key as it travels: SubjectPublicKeyInfo, 44 bytes for Ed25519. */
export function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/**
 * The id of whoever holds the key: the first 16 bytes of the SHA-256 of its SubjectPublicKeyInfo. To make another key
 * of the same id takes 2^128 tries.
 */
export function keyId(spki: Uint8Array): PeerId {
  return createHash('sha256')
    .update(spki)
    .digest('hex')
    .slice(0, 2 * ID_BYTES);
}
