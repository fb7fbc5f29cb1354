import type { Prng } from '@cablecar/simulator';

/** Bytes on which parsers trip: ends of ranges, of varints, of texts. */
const EDGES = [
  0x00, 0x01, 0x7f, 0x80, 0x81, 0xff, 0xfe, 0x22, 0x5b, 0x7b, 0x5c, 0x0a, 0xc0, 0xed,
] as const;

/** Damages bytes in one to four places: flipped, put in, taken out, doubled, cut short. The bytes given are left alone. */
export function mutate(bytes: Buffer, prng: Prng): Buffer {
  let damaged: Buffer = Buffer.from(bytes);
  for (let times = 1 + prng.below(4); times > 0; times--) damaged = damage(damaged, prng);
  return damaged;
}

function damage(bytes: Buffer, prng: Prng): Buffer {
  const at = prng.below(bytes.length + 1);
  switch (prng.below(7)) {
    case 0: {
      if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << prng.below(8));
      return bytes;
    }
    case 1: {
      if (at < bytes.length) bytes[at] = EDGES[prng.below(EDGES.length)] as number;
      return bytes;
    }
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        prng.bytes(1 + prng.below(4)),
        bytes.subarray(at),
      ]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + prng.below(4))]);
    case 4: {
      const end = at + prng.below(16);
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    }
    case 5:
      return bytes.subarray(0, at);
    default:
      return Buffer.concat([bytes, prng.bytes(prng.below(16))]);
  }
}

/** Cuts bytes into chunks at random places. */
export function cut(bytes: Buffer, prng: Prng): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = prng.below(4) === 0 ? 1 + prng.below(3) : 1 + prng.below(bytes.length);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
