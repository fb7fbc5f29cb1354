import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('a bucket gives as many as it holds, and then as fast as it fills', () => {
  const bucket = new TokenBucket({ size: 3, perSecond: 2 }, 0);
  const taken = (now: number): number => {
    let count = 0;
    while (bucket.take(now)) count++;
    return count;
  };
  expect([taken(0), taken(499), taken(500), taken(2000), taken(60_000)]).toEqual([3, 0, 1, 3, 3]);
});

test('a bucket says how long to wait for the next', () => {
  const bucket = new TokenBucket({ size: 1, perSecond: 2 }, 0);
  expect(bucket.waitMs(0)).toBe(0);
  bucket.take(0);
  expect([bucket.waitMs(0), bucket.waitMs(400), bucket.waitMs(500)]).toEqual([500, 100, 0]);
});

test('what is given back can be taken again, but the bucket does not run over', () => {
  const bucket = new TokenBucket({ size: 1, perSecond: 0.001 }, 0);
  bucket.take(0);
  bucket.giveBack();
  bucket.giveBack();
  expect([bucket.take(0), bucket.take(0)]).toEqual([true, false]);
});

test('a clock that goes back gives nothing and takes nothing', () => {
  const bucket = new TokenBucket({ size: 2, perSecond: 1 }, 1000);
  expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([true, true, false]);
});

test('what is kept for others is waited for', () => {
  const bucket = new TokenBucket({ size: 3, perSecond: 2 }, 0);
  expect(bucket.waitMs(0, 2)).toBe(0);
  bucket.take(0);
  expect([bucket.waitMs(0, 2), bucket.waitMs(0)]).toEqual([500, 0]);
});
