import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate-meter.ts';

const from = (totals: { n: number }, at: number): RateMeter<'n'> => new RateMeter(totals, at);

describe('RateMeter', () => {
  it('answers at the first look with the mean since it began', () => {
    expect(from({ n: 10 }, 1_000).read({ n: 30 }, 3_000)).toEqual({ n: 10 });
  });

  it('answers nought while no time has passed', () => {
    expect(from({ n: 0 }, 5).read({ n: 7 }, 5)).toEqual({ n: 0 });
  });

  it('compares with the latest look that is a second old', () => {
    const meter = from({ n: 0 }, 0);
    meter.read({ n: 100 }, 10_000);
    expect(meter.read({ n: 103 }, 11_500)).toEqual({ n: 2 });
    expect(meter.read({ n: 103 }, 12_500)).toEqual({ n: 0 });
  });

  it('gives the one who looks seldom the same as the one who looks often', () => {
    const meter = from({ n: 0 }, 0);
    for (let at = 10; at < 20_000; at += 10) meter.read({ n: at * 2 }, at);
    const { n } = meter.read({ n: 40_000 }, 20_000);
    expect(n).toBeCloseTo(2_000, 6);
  });

  it('forgets a burst once it is over', () => {
    const meter = from({ n: 0 }, 0);
    meter.read({ n: 1_000_000 }, 100);
    for (let at = 200; at <= 2_000; at += 100) meter.read({ n: 1_000_000 }, at);
    expect(meter.read({ n: 1_000_000 }, 2_100)).toEqual({ n: 0 });
  });
});
