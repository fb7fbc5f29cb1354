const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffff_ffff_ffff_ffffn;

/**
 * The 64-bit FNV-1a hash of a service name's UTF-8 bytes, as 16 hexadecimal digits. It keeps other services' beacons
 * apart cheaply; the handshake compares the whole name.
 * @see docs/protocol.md §2.2
 */
export function serviceHash(service: string): string {
  let hash = OFFSET_BASIS;
  for (const byte of Buffer.from(service)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  return hash.toString(16).padStart(16, '0');
}
