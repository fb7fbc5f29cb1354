import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ClassicByteDecoder } from './classic-byte-decoder.ts';

type Frame = readonly [code: number, payload: string];

function framesOf(decoder: ClassicByteDecoder, chunk: Uint8Array): Frame[] {
  decoder.push(chunk);
  const frames: Frame[] = [];
  while (decoder.next()) {
    frames.push([decoder.type, decoder.bytes.toString('hex', decoder.start, decoder.end)]);
  }
  return frames;
}

describe('a classic byte decoder', () => {
  it('cuts a chunk into its frames, in place', () => {
    const decoder = new ClassicByteDecoder();
    const chunk = Buffer.from('02020510aabbcc0302ff', 'hex');
    decoder.push(chunk);
    expect(decoder.next()).toBe(true);
    expect([decoder.type, decoder.start, decoder.end]).toEqual([2, 2, 2]);
    expect(decoder.next()).toBe(true);
    expect([decoder.type, decoder.start, decoder.end]).toEqual([0x10, 4, 7]);
    expect(decoder.frameBytes).toBe(5);
    expect(decoder.bytes).toBe(chunk);
    expect(decoder.next()).toBe(true);
    expect(decoder.bytes[decoder.start]).toBe(0xff);
    expect(decoder.next()).toBe(false);
  });

  it('passes every code, also those that nobody registered: their frames have an end as well', () => {
    const decoder = new ClassicByteDecoder();
    for (let code = 0; code < 256; code++) {
      expect(framesOf(decoder, Buffer.from([3, code, 7]))).toEqual([[code, '07']]);
    }
  });

  it('waits for the rest of a frame, from its first byte on', () => {
    const decoder = new ClassicByteDecoder();
    expect(framesOf(decoder, Buffer.from([4]))).toEqual([]);
    expect(decoder.bufferedBytes).toBe(1);
    expect(framesOf(decoder, Buffer.from([0x20]))).toEqual([]);
    expect(framesOf(decoder, Buffer.from([1]))).toEqual([]);
    expect(framesOf(decoder, Buffer.from([2, 2, 3, 5]))).toEqual([
      [0x20, '0102'],
      [3, ''],
    ]);
    expect(decoder.bufferedBytes).toBe(1);
  });

  it.each([0, 1])('gives the frames before a length of %i and none after it', (length) => {
    const decoder = new ClassicByteDecoder();
    expect(framesOf(decoder, Buffer.from([2, 3, length, 2, 4]))).toEqual([[3, '']]);
    expect(decoder.error?.code).toBe('ERR_FRAME');
    expect(framesOf(decoder, Buffer.from([2, 4, 2, 4]))).toEqual([]);
  });

  test.prop([
    fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 253 }))),
    fc.array(fc.nat(300)),
  ])('gives the same frames wherever the stream is cut', (frames, cuts) => {
    const stream = Buffer.concat(
      frames.map(([code, payload]) => Buffer.from([payload.length + 2, code, ...payload])),
    );
    const decoder = new ClassicByteDecoder();
    const seen: Frame[] = [];
    let at = 0;
    for (const cut of [...cuts, stream.length]) {
      seen.push(...framesOf(decoder, stream.subarray(at, at + cut)));
      at += cut;
    }
    expect(seen).toEqual(
      frames.map(([code, payload]) => [code, Buffer.from(payload).toString('hex')]),
    );
    expect(decoder.bufferedBytes).toBe(0);
  });
});
