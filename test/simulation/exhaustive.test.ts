import { explore, type Scenario, type Told, type World } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { pairOf, type Party } from './pair.ts';

const EVERYTHING = { mergeStates: true, maxSchedules: 1_000_000 };
/** Longer than whatever is going on takes. */
const LONG_MS = 30_000;

let states = 0;
let schedules = 0;

/** Runs a scenario in every order in which its events can happen. */
async function everyOrder(scenario: Scenario): Promise<void> {
  const explored = await explore(scenario, EVERYTHING);
  expect(explored.complete).toBe(true);
  states += explored.states;
  schedules += explored.schedules;
  console.log(
    `${expect.getState().currentTestName}: ${explored.states} states, ${explored.schedules} orders`,
  );
}

/** The connections of that moment are lost, at any moment. */
function cutAnyTime(world: World, ...told: readonly Told[]): void {
  world.anyTime(() => {
    if (world.connections.length > 0) world.cutConnections(told[world.choose(told.length)]);
  });
}

/** Two that are linked; the dial of one, the other knowing where it could dial. */
async function linked(world: World): Promise<[small: Party, large: Party]> {
  const [small, large] = await pairOf(world);
  large.sight(small);
  await world.run({ forMs: 1_000 });
  small.sight(large);
  expect([small.links, large.links]).toEqual([1, 1]);
  return [small, large];
}

/** Both talk, at any moment. */
function talk(world: World, [small, large]: readonly [Party, Party]): void {
  world.anyTime(() => small.send(1, 2));
  world.anyTime(() => large.send(3));
}

function expectHeard([small, large]: readonly [Party, Party]): void {
  expect([small.links, large.links, small.mostLinks, large.mostLinks]).toEqual([1, 1, 1, 1]);
  expect([small.heard, large.heard]).toEqual([[[3]], [[1, 2]]]);
  expect([...small.warnings, ...large.warnings]).toEqual([]);
}

describe('two programs, in every order of events', { timeout: 300_000 }, () => {
  it('that dial each other have one link', async () => {
    await everyOrder(async (world) => {
      const pair = await pairOf(world, false);
      pair[0].sight(pair[1]);
      pair[1].sight(pair[0]);
      await world.run({ forMs: LONG_MS });
      expect([pair[0].links, pair[1].links]).toEqual([1, 1]);
      expect([pair[0].mostLinks, pair[1].mostLinks]).toEqual([1, 1]);
    });
  });

  it.each(['both', 'dialler', 'acceptor'] as const)(
    'that dial each other do so too where connections are cut and %s told',
    async (told) => {
      await everyOrder(async (world) => {
        const pair = await pairOf(world, false);
        pair[0].sight(pair[1]);
        pair[1].sight(pair[0]);
        cutAnyTime(world, told);
        await world.run({ forMs: LONG_MS });
        expect([pair[0].mostLinks, pair[1].mostLinks]).toEqual([1, 1]);
        expect([pair[0].links, pair[1].links]).toEqual([1, 1]);
      });
    },
  );

  it('that talk lose, double and reorder nothing when their connection is cut', async () => {
    await everyOrder(async (world) => {
      const pair = await linked(world);
      talk(world, pair);
      cutAnyTime(world, 'both', 'dialler', 'acceptor');
      await world.run({ forMs: LONG_MS });
      expectHeard(pair);
    });
  });

  it('nor when it is cut twice', async () => {
    await everyOrder(async (world) => {
      const pair = await linked(world);
      talk(world, pair);
      cutAnyTime(world, 'both', 'dialler');
      cutAnyTime(world, 'both', 'acceptor');
      await world.run({ forMs: LONG_MS });
      expectHeard(pair);
    });
  });

  it('end as they should when one closes while the other talks and the connection is cut', async () => {
    await everyOrder(async (world) => {
      const pair = await linked(world);
      const [small, large] = pair;
      talk(world, pair);
      world.anyTime(() => large.close());
      cutAnyTime(world, 'both');
      await world.run({ forMs: LONG_MS });
      const [[theirs], [ours]] = [small.ends, large.ends];
      expect(ours?.code).toBe('closed');
      // Where the goodbye is lost with its connection, the other end finds nobody to go on with, and meets anew.
      expect(theirs?.code).toMatch(/goodbye|lost/);
      // What is not reported as undelivered has been heard, in order and once.
      for (const [{ said }, heard, end] of [
        [small, large.heard[0], theirs],
        [large, small.heard[0], ours],
      ] as const) {
        expect(said.slice(0, heard?.length)).toEqual(heard);
        expect(heard?.length).toBeGreaterThanOrEqual(said.length - (end?.undelivered ?? 0));
      }
    });
  });

  it('end as they should when both close at once', async () => {
    await everyOrder(async (world) => {
      const pair = await linked(world);
      const [small, large] = pair;
      talk(world, pair);
      for (const party of pair) world.anyTime(() => party.close());
      await world.run({ forMs: LONG_MS });
      for (const { ends } of pair)
        expect(ends.map(({ code }) => code)[0]).toMatch(/closed|goodbye/);
      expect([small.ends.length, large.ends.length]).toEqual([1, 1]);
      expect([small.links, large.links]).toEqual([0, 0]);
    });
  });

  it('would be seen to lose a message if one did', async () => {
    const losing = explore(async (world) => {
      const pair = await linked(world);
      talk(world, pair);
      world.anyTime(() => void pair[1].heard[0]?.shift());
      await world.run({ forMs: LONG_MS });
      expectHeard(pair);
    }, EVERYTHING);
    await expect(losing).rejects.toThrow('replay it with choices');
  });

  it('are a hundred thousand states at least', () => {
    console.log(`${states} states in ${schedules} orders of events, none of them wrong`);
    expect(states).toBeGreaterThanOrEqual(100_000);
  });
});
