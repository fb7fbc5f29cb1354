import type { Role } from '../ports/security.ts';

/** The first byte of TLS, when it goes well: a handshake record. */
export const TLS_HANDSHAKE = 0x16;

/**
 * "I speak another version": how TLS turns somebody away. Both ends understand it when one encrypts and the other does
 * not, since no frame of a handshake begins like it.
 * @see docs/protocol.md §3.5
 */
export const TLS_VERSION_ALERT: Uint8Array = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 0x46);

/** Whether bytes in the clear show that the other end encrypts: it begins so, or (to whom dials) it answers so. */
export function isEncrypted([type, major, , high, low]: Uint8Array, role: Role): boolean {
  if (role === 'acceptor') return type === TLS_HANDSHAKE && major === 3;
  return type === TLS_VERSION_ALERT[0] && major === 3 && high === 0 && low === 2;
}
