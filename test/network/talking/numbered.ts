import { crc32 } from 'node:zlib';
import { byteMessage } from 'cablecar';

const NOISE = Buffer.from(
  Array.from({ length: 4096 }, (_, index) => (index * 2_654_435_761) >>> 24),
);

/**
 * A message that can be told from every other: which life of which speaker says it, the how manieth it is of that life
 * to this listener, and a checksum over all of it.
 */
export class Numbered extends byteMessage(0x41, {
  life: 'u32',
  n: 'u32',
  sum: 'u32',
  body: 'bytes',
}) {
  /** Whether it is as it was said. */
  get isWhole(): boolean {
    return this.sum === sumOf(this.life, this.n, this.body);
  }
}

/** The message of that number, with a body of that many bytes that differs from one to the next. */
export function numbered(life: number, n: number, bodyBytes: number): Numbered {
  const body = Buffer.alloc(bodyBytes, NOISE.subarray(n % 2048));
  return new Numbered({ life, n, sum: sumOf(life, n, body), body });
}

function sumOf(life: number, n: number, body: Uint8Array): number {
  return crc32(body, (life ^ n) >>> 0);
}
