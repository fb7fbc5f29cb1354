import { describe, expect, test } from 'vitest';
import { takeBytes } from './take-bytes.ts';

const CHUNK_BYTES = 65_536;

describe('bytes taken from a chunk', () => {
  test.each([0, 1, 63, 64, 65, 200, 1023, 1024, 4095, 4096, CHUNK_BYTES - 8])(
    '%d of them are the ones that were there, whatever becomes of the chunk if they were copied',
    (length) => {
      const chunk = numbered(CHUNK_BYTES);
      const taken = takeBytes(chunk.subarray(3), 5, 5 + length);
      expect(Buffer.compare(taken, chunk.subarray(8, 8 + length))).toBe(0);
      expect(Object.getPrototypeOf(taken)).toBe(Uint8Array.prototype);
    },
  );

  test.each([1, 64, 65, 200, 1023])('%d of them do not keep 64 KiB alive', (length) => {
    const chunk = numbered(CHUNK_BYTES);
    const all = Array.from({ length: 60 }, (_, at) =>
      takeBytes(chunk, at * 1030, at * 1030 + length),
    );
    const before = all.map((taken) => Buffer.from(taken));
    chunk.fill(0xff);
    for (const [at, taken] of all.entries()) {
      expect(before[at]?.equals(taken)).toBe(true);
      expect(taken.buffer.byteLength).toBeLessThanOrEqual(8192);
    }
  });

  test.each([1024, 4096])('%d of them are not copied from 64 KiB, but are from 1 MiB', (length) => {
    const chunk = numbered(CHUNK_BYTES);
    expect(takeBytes(chunk, 8, 8 + length).buffer).toBe(chunk.buffer);
    const large = numbered(16 * CHUNK_BYTES);
    for (const start of [8, 8 + length, 9 + 2 * length]) {
      expect(takeBytes(large, start, start + length).buffer).not.toBe(large.buffer);
    }
  });

  test.each([1, 3, 40, 999, 5000, 9000])(
    '%d of them at a time are what was there to the end of the chunk, and have nothing in common',
    (length) => {
      const chunk = numbered(16 * CHUNK_BYTES).subarray(5);
      const starts = Array.from({ length: 1 + 40_000 / length }, (_, at) => at * (length + 1));
      starts.push(chunk.length - length);
      const taken = starts.map((start) => takeBytes(chunk, start, start + length));
      for (const [at, bytes] of taken.entries()) {
        const start = starts[at] as number;
        expect(Buffer.compare(bytes, chunk.subarray(start, start + length))).toBe(0);
        bytes.fill(at);
      }
      for (const [at, bytes] of taken.entries())
        expect(bytes.every((byte) => byte === at % 256)).toBe(true);
    },
  );

  test('of one chunk are not those of another', () => {
    const chunks = [numbered(CHUNK_BYTES), Buffer.alloc(CHUNK_BYTES, 9)];
    for (let start = 0; start < 20_000; start += 100) {
      for (const chunk of chunks) {
        const taken = takeBytes(chunk, start, start + 20);
        expect(Buffer.compare(taken, chunk.subarray(start, start + 20))).toBe(0);
      }
    }
  });
});

function numbered(length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length; at++) bytes[at] = at * 31;
  return bytes;
}
