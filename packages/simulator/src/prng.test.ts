import { describe, expect, test } from 'vitest';
import { Prng } from './prng.ts';

const draw = (prng: Prng): number[] => Array.from({ length: 8 }, () => prng.uint32());

describe('seeded chance', () => {
  test('repeats itself for the same seed and name, and for no other', () => {
    const first = draw(new Prng(7, 'a'));
    expect(draw(new Prng(7, 'a'))).toEqual(first);
    for (const other of [new Prng(8, 'a'), new Prng(7, 'b'), new Prng(7 + 2 ** 32, 'a')]) {
      expect(draw(other)).not.toEqual(first);
    }
  });

  test('is even over its range', () => {
    const prng = new Prng(1, 'even');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i++) buckets[prng.below(10)]! += 1;
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  test('draws orders of magnitude evenly, both limits included', () => {
    const prng = new Prng(1, 'magnitudes');
    const drawn = Array.from({ length: 20_000 }, () => prng.magnitude([1, 999]));
    expect(Math.min(...drawn)).toBe(1);
    expect(Math.max(...drawn)).toBe(999);
    for (const [from, to] of [
      [1, 9],
      [10, 99],
      [100, 999],
    ] as const) {
      const share = drawn.filter((value) => value >= from && value <= to).length / drawn.length;
      expect(share).toBeCloseTo(1 / 3, 1);
    }
    expect(prng.magnitude(5)).toBe(5);
    expect(prng.within(5)).toBe(5);
  });

  test('gives as many bytes as asked for', () => {
    expect(new Prng(1, 'bytes').bytes(33)).toHaveLength(33);
    expect(new Set(new Prng(1, 'bytes').bytes(1000)).size).toBeGreaterThan(200);
  });
});
