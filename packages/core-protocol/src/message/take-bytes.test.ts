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
    const taken = takeBytes(chunk, 8, 8 + length);
    const before = Buffer.from(taken);
    chunk.fill(0xff);
    expect(before.equals(taken)).toBe(true);
    expect(taken.buffer.byteLength).toBeLessThanOrEqual(8192);
  });

  test.each([1024, 4096])('%d of them are not copied from 64 KiB, but are from 1 MiB', (length) => {
    const chunk = numbered(CHUNK_BYTES);
    expect(takeBytes(chunk, 8, 8 + length).buffer).toBe(chunk.buffer);
    const large = numbered(16 * CHUNK_BYTES);
    expect(takeBytes(large, 8, 8 + length).buffer).not.toBe(large.buffer);
  });

  test('what is taken one after the other has nothing in common', () => {
    const chunk = numbered(CHUNK_BYTES);
    const taken = Array.from({ length: 50 }, (_, at) => takeBytes(chunk, at, at + 100 + at));
    for (const [at, bytes] of taken.entries()) bytes.fill(at);
    for (const [at, bytes] of taken.entries())
      expect(bytes.every((byte) => byte === at)).toBe(true);
  });
});

function numbered(length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length);
  for (let at = 0; at < length; at++) bytes[at] = at * 31;
  return bytes;
}
