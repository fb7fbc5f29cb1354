import { fc, test } from '@fast-check/vitest';
import { describe, expect, it, vi } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { FRAME } from './frame-types.ts';
import { PartJoiner } from './part-joiner.ts';
import { isLarge, mostWireBytes, PART_BYTES, writeParts } from './parts.ts';
import { writeFrame } from './write-frame.ts';

const MEBIBYTE = 1_048_576;

function payloadOf(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index++) bytes[index] = index * 7;
  return bytes;
}

function whole(type: number, payload: Uint8Array): Buffer {
  const writer = new ByteWriter();
  writeFrame(writer, type, payload);
  return writer.copyItem();
}

/** The frames that a whole frame is cut into. */
function cut(frame: Uint8Array): Buffer[] {
  const frames: Buffer[] = [];
  const writer = new ByteWriter();
  writeParts(writer, frame, () => frames.push(writer.copyItem()));
  return frames;
}

interface Joined {
  readonly joiner: PartJoiner;
  readonly complete: readonly string[];
}

/** Gives a joiner a stream of frames; what it completed, as type, payload and size on the wire. */
function join(stream: Uint8Array, joiner = new PartJoiner(MEBIBYTE)): Joined {
  const decoder = new FrameDecoder(MEBIBYTE);
  const complete: string[] = [];
  decoder.push(stream);
  while (decoder.next()) {
    expect(joiner.takes(decoder.type)).toBe(true);
    if (!joiner.push(decoder)) continue;
    const { type, bytes, start, end, frameBytes } = joiner;
    complete.push(`${type} ${bytes.toString('hex', start, end)} ${frameBytes}`);
  }
  return { joiner, complete };
}

describe('parts of a large message', () => {
  test.prop(
    [
      fc.array(
        fc.record({
          type: fc.integer({ min: 16, max: 16_383 }),
          length: fc.oneof(
            fc.integer({ min: 0, max: 300_000 }),
            fc.integer({ min: PART_BYTES - 3, max: PART_BYTES + 3 }),
            fc.integer({ min: 2 * PART_BYTES - 3, max: 2 * PART_BYTES + 3 }),
          ),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ],
    { seed: 21, numRuns: 200 },
  )(
    'are joined to the message that was cut, each no larger than a part may be (§5.3)',
    (messages) => {
      const frames = messages.map(({ type, length }) => cut(whole(type, payloadOf(length))));
      for (const parts of frames) {
        for (const part of parts) expect(part.length).toBeLessThanOrEqual(PART_BYTES + 4);
      }
      const { joiner, complete } = join(Buffer.concat(frames.flat()));
      expect(complete).toEqual(
        messages.map(({ type, length }, index) => {
          const wireBytes = (frames[index] as Buffer[]).reduce((sum, part) => sum + part.length, 0);
          const frame = whole(type, payloadOf(length));
          const isCut = isLarge(frame.length);
          expect((frames[index] as Buffer[]).length > 1).toBe(isCut);
          expect(isCut ? wireBytes : frame.length).toBeLessThanOrEqual(mostWireBytes(frame.length));
          return `${type} ${payloadOf(length).toString('hex')} ${wireBytes}`;
        }),
      );
      expect(joiner.error).toBeUndefined();
    },
  );

  it('that are more than is taken are a fault, seen before they are kept', () => {
    const frames = cut(whole(16, payloadOf(3 * PART_BYTES)));
    const joiner = new PartJoiner(PART_BYTES + 10);
    expect(join(Buffer.concat(frames), joiner).complete).toEqual([]);
    expect(joiner.error?.code).toBe('ERR_FRAME_TOO_LARGE');
    expect(joiner.error?.origin).toBe('remote');
    // For good.
    expect(join(cut(whole(16, payloadOf(5)))[0] as Buffer, joiner).complete).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a control frame', '06'],
    ['half a type', '80'],
    ['a type in a long form', '9000'],
    ['a type of three bytes', '80808001'],
  ])('that make %s are a fault', (_, hex) => {
    const { joiner, complete } = join(whole(FRAME.PART_END, Buffer.from(hex, 'hex')));
    expect(complete).toEqual([]);
    expect(joiner.error?.code).toBe('ERR_FRAME');
  });

  it('take memory for what has arrived, however small they are (§5.3(4)) (T8)', () => {
    const joiner = new PartJoiner(MEBIBYTE);
    const part = whole(FRAME.PART, Buffer.from([17]));
    const allocated = vi.spyOn(Buffer, 'allocUnsafeSlow');
    for (let count = 1; count <= 10_000; count++) {
      join(part, joiner);
      for (const [bytes] of allocated.mock.calls) {
        if (bytes > 2 * count) expect.fail(`${bytes} bytes for ${count}`);
      }
      if (allocated.mock.calls.length > 20) expect.fail('memory was set aside again and again');
    }
    vi.restoreAllMocks();
  });
});
