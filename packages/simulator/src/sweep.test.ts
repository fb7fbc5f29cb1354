import { describe, expect, test } from 'vitest';
import { ScenarioFailure } from './scenario.ts';
import { sweep } from './sweep.ts';

describe('a sweep', () => {
  test('runs a scenario once for each seed', async () => {
    const seeds: number[] = [];
    await sweep((world) => void seeds.push(world.seed), { seeds: 3, firstSeed: 10 });
    expect(seeds).toEqual([10, 11, 12]);
  });

  test('ends at the first seed that fails, and tells it with its transcript', async () => {
    const failing = sweep(
      async (world) => {
        world.host('ada').stall(1);
        await world.run({ forMs: 5 });
        if (world.seed % 7 === 0) throw new Error('bad luck');
      },
      { seeds: 100, network: { delayMs: 3 } },
    );
    const failure = await failing.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScenarioFailure);
    expect(failure).toMatchObject({
      seed: 7,
      choices: [],
      transcript: ['      0.000 world      network ada stalls for 1 ms'],
      cause: { message: 'bad luck' },
    });
    expect((failure as Error).message).toContain(
      'seed 7, again with { firstSeed: 7, seeds: 1 }: bad luck',
    );
  });

  test('also tells of a scenario that throws at once', async () => {
    const scenario = (): never => {
      throw new Error('at once');
    };
    await expect(sweep(scenario)).rejects.toThrow(/^seed 1, .*: at once/);
  });
});
