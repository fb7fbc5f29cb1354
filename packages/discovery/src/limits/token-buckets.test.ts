import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

test('every key has a bucket of its own, and only so many are remembered', () => {
  const buckets = new TokenBuckets({ size: 1, perSecond: 1 }, 2);
  expect([buckets.take('a', 0), buckets.take('a', 0), buckets.take('b', 0)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([buckets.take('c', 500), buckets.waitMs('c', 500)]).toEqual([false, 1000]);
  expect([buckets.take('c', 1000), buckets.size]).toEqual([true, 1]);
});
