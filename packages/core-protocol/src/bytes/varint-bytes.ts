/** How many bytes a number up to 2^28-1 takes as a varint. */
export function varintBytes(count: number): number {
  if (count < 0x80) return 1;
  if (count < 0x4000) return 2;
  return count < 0x20_0000 ? 3 : 4;
}
