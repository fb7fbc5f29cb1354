import { fc, test } from '@fast-check/vitest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { MAX_FRAME_LENGTH, MAX_FRAME_TYPE } from './frame-types.ts';
import { writeFrame } from './write-frame.ts';

const MEBIBYTE = 1_048_576;

/** A type and a payload in hexadecimal digits. */
type Frame = readonly [type: number, payload: string];

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

function encode(...frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.map(([type, payload]) => {
      const writer = new ByteWriter();
      writeFrame(writer, type, Buffer.from(payload, 'hex'));
      return writer.copyItem();
    }),
  );
}

function push(decoder: FrameDecoder, chunk: Uint8Array): Frame[] {
  decoder.push(chunk);
  const frames: Frame[] = [];
  while (decoder.next()) {
    frames.push([decoder.type, decoder.bytes.toString('hex', decoder.start, decoder.end)]);
  }
  return frames;
}

/** Bytes that are not all the same, so that a shift by one shows. */
function patterned(length: number, first: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index++) bytes[index] = first + index * 7;
  return bytes;
}

/** Cuts a stream into chunks of the given sizes, over and over. */
function cut(stream: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? stream.length;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function decode(stream: Uint8Array, sizes: readonly number[] = [], maxFrameBytes = MEBIBYTE) {
  const decoder = new FrameDecoder(maxFrameBytes);
  const frames = cut(stream, sizes).flatMap((chunk) => push(decoder, chunk));
  return { frames, error: decoder.error?.message, buffered: decoder.bufferedBytes };
}

const type = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.constantFrom(0, 127, 128, MAX_FRAME_TYPE),
  fc.nat(MAX_FRAME_TYPE),
);
const payloadLength = fc.oneof(
  { arbitrary: fc.nat(40), weight: 4 },
  { arbitrary: fc.integer({ min: 120, max: 135 }), weight: 2 },
  { arbitrary: fc.integer({ min: 16_375, max: 16_390 }), weight: 1 },
  { arbitrary: fc.integer({ min: 65_520, max: 65_550 }), weight: 1 },
);
const frame = fc.tuple(type, payloadLength, fc.nat(255)).map(([number, length, fill]): Frame => [
  number,
  // Not all the same byte, so that a shift by one shows.
  patterned(length, fill).toString('hex'),
]);
const sizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 70_000 })),
  { minLength: 1, maxLength: 12 },
);

describe('FrameDecoder', () => {
  it('cuts a chunk into its frames, in place', () => {
    const chunk = bytesOf('0105 0306aabb 0207cc');
    const decoder = new FrameDecoder(100);
    decoder.push(chunk);
    expect(decoder.next()).toBe(true);
    expect([decoder.type, decoder.start, decoder.end, decoder.frameBytes]).toEqual([5, 2, 2, 2]);
    expect(decoder.next()).toBe(true);
    expect([decoder.type, decoder.start, decoder.end, decoder.frameBytes]).toEqual([6, 4, 6, 4]);
    expect(decoder.bytes).toBe(chunk);
    expect(decoder.next()).toBe(true);
    expect([decoder.type, decoder.start, decoder.end]).toEqual([7, 8, 9]);
    expect(decoder.next()).toBe(false);
    expect(decoder.error).toBeUndefined();
    expect(decoder.bufferedBytes).toBe(0);
  });

  it('reads chunks that are no Buffer and lie in the middle of one', () => {
    const memory = new Uint8Array(bytesOf('ffff 0306aabb ffff')).subarray(2, 6);
    expect(push(new FrameDecoder(100), memory)).toEqual([[6, 'aabb']]);
  });

  test.prop([fc.array(frame, { maxLength: 8 }), sizes], { seed: 11, numRuns: 300 })(
    'gives the same frames wherever the stream is cut',
    (frames, cuts) => {
      expect(decode(encode(...frames), cuts)).toEqual({ frames, error: undefined, buffered: 0 });
    },
  );

  test.prop([fc.array(frame, { maxLength: 4 })], { seed: 12, numRuns: 30 })(
    'gives the same frames byte by byte',
    (frames) => {
      expect(decode(encode(...frames), [1]).frames).toEqual(frames);
    },
  );

  test.prop([fc.array(frame, { minLength: 1, maxLength: 4 }), fc.nat(), sizes], {
    seed: 13,
    numRuns: 200,
  })('waits for the rest of a stream that ends early', (frames, at, cuts) => {
    const stream = encode(...frames);
    const end = at % stream.length;
    const early = decode(stream.subarray(0, end), cuts);
    expect(early.error).toBeUndefined();
    expect(early.frames).toEqual(frames.slice(0, early.frames.length));
    expect(early.buffered).toBe(end - encode(...early.frames).length);
  });

  it('tells the size of a frame with its header, whether it was whole or in pieces', () => {
    const frames: Frame[] = [
      [1, ''],
      [128, ''],
      [1, '00'.repeat(126)],
      [1, '00'.repeat(127)],
      [MAX_FRAME_TYPE, '00'.repeat(16_382)],
    ];
    const expected = [2, 3, 128, 130, 16_387];
    for (const chunkBytes of [100_000, 1]) {
      const decoder = new FrameDecoder(MEBIBYTE);
      const seen: number[] = [];
      for (const chunk of cut(encode(...frames), [chunkBytes])) {
        decoder.push(chunk);
        while (decoder.next()) seen.push(decoder.frameBytes);
      }
      expect(seen).toEqual(expected);
    }
  });

  it('leaves a finished frame alone when it reads on', () => {
    const decoder = new FrameDecoder(100);
    expect(push(decoder, bytesOf('0405aa'))).toEqual([]);
    decoder.push(bytesOf('bbcc 0405'));
    expect(decoder.next()).toBe(true);
    const { bytes, start, end } = decoder;
    expect(decoder.next()).toBe(false);
    expect(push(decoder, bytesOf('ddeeff'))).toEqual([[5, 'ddeeff']]);
    expect(bytes.toString('hex', start, end)).toBe('aabbcc');
  });

  describe('headers', () => {
    it.each([
      ['type 0', '01 00', [0, '']],
      ['type 127', '01 7f', [127, '']],
      ['type 128', '02 8001', [128, '']],
      ['type 16,383', '02 ff7f', [16_383, '']],
      ['length 127', `7f 06 ${'00'.repeat(126)}`, [6, '00'.repeat(126)]],
      ['length 128', `8001 06 ${'00'.repeat(127)}`, [6, '00'.repeat(127)]],
      ['length 16,383', `ff7f 06 ${'00'.repeat(16_382)}`, [6, '00'.repeat(16_382)]],
      ['length 16,384', `808001 06 ${'00'.repeat(16_383)}`, [6, '00'.repeat(16_383)]],
    ] as const)('takes %s', (_, hex, expected) => {
      for (const cuts of [[], [1]]) {
        const { frames, error } = decode(bytesOf(hex), cuts);
        expect(frames).toEqual([expected]);
        expect(error).toBeUndefined();
      }
    });

    it.each([
      ['00 06', 'a frame of length 0'],
      ['00 8001', 'a frame of length 0'],
      ['01 8001', 'a frame of length 1'],
      ['8000 06', 'a length with a leading zero'],
      ['818000 06', 'a length with a leading zero'],
      ['8180808001 06', 'a length of more than 4 bytes'],
      ['ffffffff', 'a length of more than 4 bytes'],
      ['03 8000 aa', 'a type with a leading zero'],
      ['03 8600 aa', 'a type with a leading zero'],
      ['04 808001 aa', 'a type of more than 2 bytes'],
      ['04 ffffff aa', 'a type of more than 2 bytes'],
    ])('refuses %s: %s', (hex, seen) => {
      for (const cuts of [[], [1], [2], [3]]) {
        const { frames, error } = decode(Buffer.concat([encode([9, 'aa']), bytesOf(hex)]), cuts);
        expect(frames).toEqual([[9, 'aa']]);
        expect(error).toBe(`[ERR_FRAME] the peer sent ${seen}, expected a frame`);
      }
    });

    it.each([100, 127, 128, 129, 130, 131, 4096, 16_385, 16_386, 16_387, MEBIBYTE])(
      'takes a frame of %d bytes, header included, where that is the limit, and no larger one',
      (limit) => {
        const lengthBytes = limit <= 128 ? 1 : limit <= 16_385 ? 2 : 3;
        const whole = encode([6, '00'.repeat(limit - lengthBytes - 1)]);
        expect(decode(whole, [], limit).frames).toHaveLength(1);
        // One byte of payload more; where the length grows as well, no frame has exactly the size of the limit.
        const larger = encode([6, '00'.repeat(limit - lengthBytes)]);
        for (const cuts of [[], [1]]) {
          expect(decode(larger, cuts, limit)).toMatchObject({
            frames: [],
            error: `[ERR_FRAME_TOO_LARGE] the peer announced a frame of ${larger.length} bytes, expected at most ${limit}`,
          });
        }
      },
    );

    it('refuses a frame that is too large as soon as its length is there (T7)', () => {
      for (const hex of ['c201', '808040']) {
        const decoder = new FrameDecoder(128);
        push(decoder, bytesOf(hex));
        expect(decoder.error?.code).toBe('ERR_FRAME_TOO_LARGE');
        expect(decoder.error?.origin).toBe('remote');
      }
    });

    it('takes no frame larger than four bytes can say, whatever limit is asked for', () => {
      const decoder = new FrameDecoder(Infinity);
      push(decoder, bytesOf('ffffff7f'));
      expect(decoder.error?.message).toContain(`expected at most ${MAX_FRAME_LENGTH}`);
    });
  });

  describe('memory', () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it('does not set memory aside for a large frame before it arrives (§5.1(5)) (T7)', () => {
      const decoder = new FrameDecoder(MEBIBYTE);
      const stream = encode([6, '00'.repeat(MEBIBYTE - 4)]).subarray(0, 10);
      const allocated = vi.spyOn(Buffer, 'allocUnsafeSlow');
      for (const chunk of cut(stream, [1])) push(decoder, chunk);
      const sizesAsked = allocated.mock.calls.map(([size]) => size);
      expect(decoder.bufferedBytes).toBe(10);
      expect(Math.max(...sizesAsked)).toBeLessThanOrEqual(32);
    });

    it('holds at most twice what has arrived of a large frame, and copies little to get there (§5.1(5)) (T8)', () => {
      const decoder = new FrameDecoder(MEBIBYTE);
      const payload = patterned(MEBIBYTE - 4, 0);
      const writer = new ByteWriter();
      writeFrame(writer, 6, payload);
      const stream = writer.copyItem();
      const allocated = vi.spyOn(Buffer, 'allocUnsafeSlow');
      let largest = 0;
      for (let at = 0; at < stream.length; at++) {
        decoder.push(stream.subarray(at, at + 1));
        const complete = decoder.next();
        if (complete !== (at === stream.length - 1)) expect.fail(`complete at ${at}`);
        const newest = allocated.mock.calls.at(-1)?.[0] ?? 0;
        if (newest > Math.max(2 * (at + 1), 16)) expect.fail(`${newest} bytes at ${at}`);
        largest = Math.max(largest, newest);
      }
      const calls = allocated.mock.calls.length;
      expect(largest).toBe(MEBIBYTE);
      expect(calls).toBeLessThan(20);
      expect(decoder.bytes.subarray(decoder.start, decoder.end).equals(payload)).toBe(true);
    });

    it('sets memory aside once for a frame of up to 66,564 bytes that spans chunks (§5.1(5))', () => {
      const stream = encode([6, '00'.repeat(60_000)]);
      const allocated = vi.spyOn(Buffer, 'allocUnsafeSlow');
      expect(decode(stream, [1_000]).frames).toHaveLength(1);
      const sizesAsked = allocated.mock.calls.map(([size]) => size);
      expect(sizesAsked).toEqual([stream.length]);
    });
  });

  describe('handing over', () => {
    test.prop([fc.array(frame, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), sizes], {
      seed: 14,
      numRuns: 300,
    })('gives back exactly what it has not read as frames', (frames, at, wanted, cuts) => {
      const stream = encode(...frames);
      const arrived = stream.subarray(0, at % (stream.length + 1));
      const first = new FrameDecoder(MEBIBYTE);
      const seen: Frame[] = [];
      const stop = wanted % (frames.length + 1);
      let given = 0;
      for (const chunk of cut(arrived, cuts)) {
        first.push(chunk);
        given += chunk.length;
        while (seen.length < stop && first.next()) {
          seen.push([first.type, first.bytes.toString('hex', first.start, first.end)]);
        }
        if (seen.length === stop) break;
      }
      const rest = first.takeRest();
      expect(rest.equals(arrived.subarray(encode(...seen).length, given))).toBe(true);
      expect(first.bufferedBytes).toBe(0);
      expect(first.takeRest()).toHaveLength(0);
      const second = new FrameDecoder(MEBIBYTE);
      seen.push(...push(second, rest), ...push(second, stream.subarray(given)));
      expect(seen).toEqual(frames);
    });

    it('gives back a copy, and begins anew', () => {
      const decoder = new FrameDecoder(100);
      push(decoder, bytesOf('0605aabb'));
      const rest = decoder.takeRest();
      expect(push(decoder, bytesOf('0605112233'))).toEqual([]);
      expect(rest.toString('hex')).toBe('0605aabb');
      expect(push(decoder, bytesOf('4455'))).toEqual([[5, '1122334455']]);
    });
  });

  describe('garbage', () => {
    test.prop([fc.uint8Array({ maxLength: 400 }), sizes], { seed: 15, numRuns: 1000 })(
      'never makes it throw, and comes to the same end wherever it is cut',
      (bytes, cuts) => {
        const whole = decode(bytes, [], 200);
        expect(decode(bytes, cuts, 200)).toMatchObject({
          frames: whole.frames,
          error: whole.error,
        });
      },
    );

    it('ends the stream for good', () => {
      const decoder = new FrameDecoder(100);
      expect(push(decoder, bytesOf('0105 8000 0105'))).toEqual([[5, '']]);
      const { error } = decoder;
      expect(error?.code).toBe('ERR_FRAME');
      expect(push(decoder, bytesOf('0105'))).toEqual([]);
      expect(decoder.next()).toBe(false);
      expect(decoder.error).toBe(error);
    });

    it('ends the stream for good also where it began in an earlier chunk', () => {
      const decoder = new FrameDecoder(100);
      expect(push(decoder, bytesOf('80'))).toEqual([]);
      expect(push(decoder, bytesOf('00 0105'))).toEqual([]);
      expect(decoder.error?.code).toBe('ERR_FRAME');
      expect(push(decoder, bytesOf('0105'))).toEqual([]);
    });
  });
});
