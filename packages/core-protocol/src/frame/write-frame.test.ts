import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { FrameDecoder } from './frame-decoder.ts';
import { MAX_FRAME_LENGTH, MAX_FRAME_TYPE } from './frame-types.ts';
import { beginFrame, endFrame, writeFrame } from './write-frame.ts';

/** Payload lengths around which the length takes a byte more, for types of one and of two bytes. */
const borders = [0, 0x80, 0x4000, 0x20_0000].flatMap((border) =>
  [-4, -3, -2, -1, 0, 1, 2].map((step) => border + step).filter((length) => length >= 0),
);

function payloadOf(length: number): Buffer {
  const payload = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index++) payload[index] = index * 31;
  return payload;
}

describe('writeFrame', () => {
  it.each([
    [1, '', '0101'],
    [16, 'aabb', '0310aabb'],
    [127, '', '017f'],
    [128, 'aa', '038001aa'],
    [MAX_FRAME_TYPE, '', '02ff7f'],
    [6, '00'.repeat(126), `7f06${'00'.repeat(126)}`],
    [6, '00'.repeat(127), `800106${'00'.repeat(127)}`],
  ])('writes type %d: its length, the type, the payload', (type, payload, hex) => {
    const writer = new ByteWriter();
    const frameBytes = writeFrame(writer, type, Buffer.from(payload, 'hex'));
    expect(writer.copyItem().toString('hex')).toBe(hex);
    expect(frameBytes).toBe(hex.length / 2);
  });

  it.each([6, 128])('is what a decoder reads, around every border of length, type %d', (type) => {
    for (const length of borders) {
      const payload = payloadOf(length);
      const writer = new ByteWriter();
      writer.raw(new Uint8Array(200)); // something before it in the block
      const frameBytes = writeFrame(writer, type, payload);
      const decoder = new FrameDecoder(MAX_FRAME_LENGTH);
      decoder.push(writer.copyItem());
      expect(decoder.next()).toBe(true);
      expect([decoder.type, decoder.frameBytes]).toEqual([type, frameBytes]);
      expect(decoder.bytes.subarray(decoder.start, decoder.end).equals(payload)).toBe(true);
      expect(decoder.bufferedBytes).toBe(0);
    }
  });
});

describe('beginFrame and endFrame', () => {
  test.prop(
    [
      fc.array(
        fc.record({
          type: fc.nat(MAX_FRAME_TYPE),
          pieces: fc.array(
            fc.oneof(fc.nat(20), fc.integer({ min: 100, max: 140 }), fc.nat(20_000)),
            { maxLength: 5 },
          ),
        }),
        { maxLength: 12 },
      ),
      fc.integer({ min: 1, max: 1000 }),
    ],
    { seed: 21, numRuns: 200 },
  )(
    'leave each frame whole in one block, though the writer moves in the middle (T14)',
    (frames, blockBytes) => {
      const writer = new ByteWriter(blockBytes);
      const written = frames.map(({ type, pieces }) => {
        beginFrame(writer, type);
        for (const length of pieces) writer.raw(payloadOf(length));
        const frameBytes = endFrame(writer);
        expect(writer.length - writer.start).toBe(frameBytes);
        return writer.bytes.subarray(writer.start, writer.length);
      });
      const decoder = new FrameDecoder(MAX_FRAME_LENGTH);
      for (const [index, { type, pieces }] of frames.entries()) {
        decoder.push(written[index] as Buffer);
        expect(decoder.next()).toBe(true);
        expect(decoder.type).toBe(type);
        const payload = Buffer.concat(pieces.map(payloadOf));
        expect(decoder.bytes.subarray(decoder.start, decoder.end).equals(payload)).toBe(true);
        expect(decoder.next()).toBe(false);
      }
    },
  );

  it('make room for a longer length at the very end of a block', () => {
    const writer = new ByteWriter(129);
    beginFrame(writer, 6);
    writer.raw(payloadOf(127));
    expect(writer.length).toBe(writer.bytes.length);
    expect(endFrame(writer)).toBe(130);
    expect(writer.copyItem().toString('hex')).toBe(`800106${payloadOf(127).toString('hex')}`);
  });

  it('can be given up in between', () => {
    const writer = new ByteWriter();
    writeFrame(writer, 1, payloadOf(3));
    beginFrame(writer, 2);
    writer.raw(payloadOf(9));
    writer.rollBack();
    beginFrame(writer, 3);
    endFrame(writer);
    expect(writer.bytes.toString('hex', 0, writer.length)).toBe('0401001f3e0103');
  });
});
