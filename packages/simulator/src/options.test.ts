import { describe, expect, test } from 'vitest';
import { changeNetworkOptions, NETWORK_DEFAULTS, type NetworkOptions } from './options.ts';

describe('the options of a network', () => {
  test('keep what is not changed', () => {
    const changed = changeNetworkOptions(NETWORK_DEFAULTS, {
      datagramLoss: 0.5,
      chunkBytes: [1, 9],
    });
    expect(changed).toEqual({ ...NETWORK_DEFAULTS, datagramLoss: 0.5, chunkBytes: [1, 9] });
    expect(changeNetworkOptions(changed, { chunkBytes: undefined }).chunkBytes).toBeUndefined();
  });

  test.each<[NetworkOptions, string]>([
    [{ datagramLoss: 1.1 }, 'datagramLoss is 1.1, expected a number from 0 to 1'],
    [{ datagramLoss: Number.NaN }, 'datagramLoss'],
    [{ delayMs: [5, 2] }, 'delayMs is [5,2], expected one or two ascending numbers'],
    [{ delayMs: -1 }, 'delayMs'],
    [{ lateByMs: [2, 1] }, 'lateByMs'],
    [{ chunkBytes: 0 }, 'chunkBytes'],
    [{ chunkBytes: [1, 1.5] }, 'chunkBytes'],
    [{ windowBytes: 0.5 }, 'windowBytes'],
    [{ lossOfDatagrams: 1 } as NetworkOptions, "'lossOfDatagrams' was given"],
    [{ datagramLoss: [0, 1] } as unknown as NetworkOptions, 'datagramLoss'],
    [{ delayMs: 'fast' } as unknown as NetworkOptions, 'delayMs'],
  ])('refuse %j', (changes, sentence) => {
    expect(() => changeNetworkOptions(NETWORK_DEFAULTS, changes)).toThrow(sentence);
    expect(() => changeNetworkOptions(NETWORK_DEFAULTS, changes)).toThrow('ERR_OPTION');
  });
});
