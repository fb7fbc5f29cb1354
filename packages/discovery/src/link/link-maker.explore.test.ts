import { explore, sweep, type World } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { ends, expectOneConnection, type End } from '../testing/test-end.ts';

/** Two ends of which each has sighted the other. */
async function facing(world: World): Promise<[small: End, large: End]> {
  const [small, large] = (await ends(world, [1, 2])) as [End, End];
  small.sight(large);
  large.sight(small);
  return [small, large];
}

/** Cuts what one host has dialled so far, at any time before there is a link. */
function failDials(world: World, [small, large]: readonly [End, End], host: string): void {
  world.anyTime(() => {
    if (small.made.length + large.made.length > 0) return;
    world.cutConnections('both', ({ dialler }) => dialler === host);
  });
}

const EVERYTHING = { mergeStates: true, maxSchedules: 1_000_000 };

describe('two ends that dial each other, in every order of events', { timeout: 120_000 }, () => {
  test('have one connection in the end, and never had another', async () => {
    const explored = await explore(async (world) => {
      const [small, large] = (await ends(world, [1, 2])) as [End, End];
      world.anyTime(() => small.sight(large));
      world.anyTime(() => large.sight(small));
      await world.run({ forMs: 60_000 });
      expectOneConnection(small, large);
      expect([small.made.length, large.made.length]).toEqual([1, 1]);
      expect([...small.warnings, ...large.warnings]).toEqual([]);
    }, EVERYTHING);
    expect(explored.complete).toBe(true);
    expect(explored.schedules).toBeGreaterThan(3000);
  });

  test.each(['host1', 'host2'])('do so too when a dial of %s is cut at any time', async (host) => {
    const explored = await explore(async (world) => {
      const both = await facing(world);
      failDials(world, both, host);
      await world.run({ forMs: 60_000 });
      expectOneConnection(...both);
    }, EVERYTHING);
    expect(explored.complete).toBe(true);
    expect(explored.schedules).toBeGreaterThan(3000);
  });

  test.each(['host1', 'host2'])('do so too when %s lets nobody in at first', async (deaf) => {
    const explored = await explore(async (world) => {
      const both = await facing(world);
      const host = world.hosts.find(({ name }) => name === deaf)!;
      host.firewall({ dials: 'reject' });
      world.anyTime(() => host.firewall({ dials: 'accept' }));
      await world.run({ forMs: 60_000 });
      expectOneConnection(...both);
    }, EVERYTHING);
    expect(explored.complete).toBe(true);
  });

  test.each(['host1', 'host2'])(
    'do so too when the READY of %s is lost unnoticed',
    async (host) => {
      const explored = await explore(async (world) => {
        const both = await facing(world);
        const [dialler, acceptor] = host === 'host1' ? both : both.toReversed();
        world.anyTime(() => {
          if (dialler!.made.length === 1 && acceptor!.made.length === 0) {
            world.cutConnections('acceptor', (connection) => connection.dialler === host);
          }
        });
        await world.run({ forMs: 60_000 });
        expectOneConnection(...both);
      }, EVERYTHING);
      expect(explored.complete).toBe(true);
    },
  );

  test('never have two links at one end, even when every timer may fire at any time', async () => {
    await explore(
      async (world) => {
        const both = await facing(world);
        world.observe(() => {
          for (const { links } of both) expect(links.length).toBeLessThan(2);
        });
        await world.run({ forMs: 10_000 });
      },
      { ...EVERYTHING, raceTimers: true, maxSchedules: 500 },
    );
  });
});

describe('two ends that dial each other at the same moment', () => {
  test('have one connection, a thousand times', async () => {
    await sweep(
      async (world) => {
        const both = await facing(world);
        await world.run({ forMs: 10_000 });
        expectOneConnection(...both);
        for (const { made, warnings } of both) expect([made.length, warnings]).toEqual([1, []]);
      },
      { seeds: 1000, network: { delayMs: [0.1, 30], chunkBytes: [1, 100] } },
    );
  });

  test('have one connection in the end, whatever is cut', { timeout: 60_000 }, async () => {
    await sweep(
      async (world) => {
        const both = await facing(world);
        for (const told of ['both', 'dialler', 'acceptor'] as const) {
          world.anyTime(() => world.cutConnections(told), { withinMs: 300 });
        }
        await world.run({ forMs: 60_000 });
        expectOneConnection(...both);
      },
      { seeds: 500, network: { delayMs: [0.1, 30] } },
    );
  });
});

describe('in one-to-one mode', { timeout: 120_000 }, () => {
  /** Exactly two of them have each other, and nobody ever had a link that was taken back. */
  function expectOnePair(all: readonly End[]): void {
    const linked = all.filter(({ made }) => made.length > 0);
    for (const { made, lost } of all) expect([made.length < 2, lost]).toEqual([true, []]);
    expectOneConnection(linked[0]!, linked[1]!);
    expect(linked).toHaveLength(2);
  }

  function allSight(all: readonly End[]): void {
    for (const one of all) for (const other of all) if (one !== other) one.sight(other);
  }

  test('two have each other, in every order of events', async () => {
    const explored = await explore(async (world) => {
      const both = await ends(world, [1, 2], { once: true });
      allSight(both);
      await world.run({ forMs: 60_000 });
      expectOnePair(both);
    }, EVERYTHING);
    expect(explored.complete).toBe(true);
  });

  test('of three, two have each other, in many orders of events', async () => {
    await explore(
      async (world) => {
        const three = await ends(world, [1, 2, 3], { once: true });
        allSight(three);
        await world.run({ forMs: 60_000 });
        expectOnePair(three);
      },
      { ...EVERYTHING, maxSchedules: 150 },
    );
  });

  test('of five that begin at once, two pairs have each other within seconds', async () => {
    await sweep(
      async (world) => {
        const five = await ends(world, [1, 2, 3, 4, 5], { once: true });
        const linked = (): End[] => five.filter(({ made }) => made.length > 0);
        allSight(five);
        await world.runUntil(() => linked().length === 4, { withinMs: 5000 });
        await world.run({ forMs: 10_000 });
        for (const { made, lost } of five) expect([made.length < 2, lost]).toEqual([true, []]);
        expect(linked()).toHaveLength(4);
      },
      { seeds: 200, network: { delayMs: [0.1, 30] } },
    );
  });
});
