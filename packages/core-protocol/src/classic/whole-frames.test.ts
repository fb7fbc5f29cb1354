import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { WholeFrames } from './whole-frames.ts';
import type { ClassicWire } from './wire-name.ts';

const LINES = '["A",{"n":1}]\n["B",{}]\n';
const FRAMES = '\x02\x02\x04\x10ab\x03\x11c';

describe.each<[ClassicWire, string, number]>([
  ['classic-json', LINES, 14],
  ['classic-byte', FRAMES, 2],
])('whole frames of %s', (wire, text, first) => {
  it('passes a chunk of whole frames on as it is', () => {
    const chunk = Buffer.from(text, 'latin1');
    const [piece, ...more] = new WholeFrames(wire, 100).push(chunk);
    expect(more).toEqual([]);
    expect(piece?.buffer).toBe(chunk.buffer);
    expect(piece?.toString('latin1')).toBe(text);
  });

  it('holds back a frame until its last byte has come', () => {
    const whole = new WholeFrames(wire, 100);
    for (let at = 0; at < first - 1; at++) {
      expect(whole.push(Buffer.from(text[at] ?? '', 'latin1'))).toEqual([]);
    }
    const pieces = whole.push(Buffer.from(text.slice(first - 1), 'latin1'));
    expect(pieces.map((piece) => piece.toString('latin1'))).toEqual([
      text.slice(0, first),
      text.slice(first),
    ]);
  });

  test.prop([fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20 })), { maxLength: 60 })])(
    'joins two connections with every frame whole and in the order of its connection',
    (cuts) => {
      const streams = [1, 2].map((side) => text.repeat(side + 2));
      const joints = streams.map(() => new WholeFrames(wire, 100));
      const seen = ['', ''];
      let joined = '';
      const feed = (side: number, size: number): void => {
        const part = streams[side]?.slice(0, size) ?? '';
        streams[side] = streams[side]?.slice(size) ?? '';
        for (const piece of joints[side]?.push(Buffer.from(part, 'latin1')) ?? []) {
          seen[side] += piece.toString('latin1');
          joined += piece.toString('latin1');
        }
      };
      for (const [side, size] of cuts) feed(side ? 1 : 0, size);
      feed(0, 1000);
      feed(1, 1000);
      expect(seen).toEqual([text.repeat(3), text.repeat(4)]);
      const [whole] = new WholeFrames(wire, 100).push(Buffer.from(joined, 'latin1'));
      expect(whole).toHaveLength(text.length * 7);
    },
  );
});

describe('whole frames', () => {
  it('drop a line that is too long and tell it once', () => {
    const whole = new WholeFrames('classic-json', 8);
    const pieces = whole.push(Buffer.from('["A",{}]\n["TooLong",{}]\n["B",{}]\n'));
    expect(pieces.map(String)).toEqual(['["A",{}]\n', '["B",{}]\n']);
    expect(whole.takeWarning()?.code).toBe('ERR_FRAME_TOO_LARGE');
    expect(whole.takeWarning()).toBeUndefined();
    expect(whole.error).toBeUndefined();
  });

  it('end at a length that cannot be (§9.3(2))', () => {
    const whole = new WholeFrames('classic-byte', 8);
    expect(whole.push(Buffer.from([2, 3, 1, 2, 3]))).toHaveLength(1);
    expect(whole.error?.code).toBe('ERR_FRAME');
    expect(whole.takeWarning()).toBeUndefined();
  });
});
