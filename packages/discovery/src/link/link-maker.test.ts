import { explore, sweep, World } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { Listening } from '../testing/listening.ts';
import { ends, expectOneConnection, type End } from '../testing/test-end.ts';

/** Two ends with a link, and somebody at each who would go on with another connection. */
async function talking(
  world: World,
): Promise<{ both: readonly [End, End]; heard: readonly [Listening, Listening] }> {
  const both = (await ends(world, [1, 2])) as [End, End];
  const [small, large] = both;
  small.sight(large);
  large.sight(small);
  await world.runUntil(() => small.made.length === 1 && large.made.length === 1);
  return { both, heard: [new Listening(small.made[0]!), new Listening(large.made[0]!)] };
}

function expectSameLink(both: readonly [End, End]): void {
  expectOneConnection(...both);
  for (const { made, lost } of both) expect([made.length, lost.length]).toEqual([1, 0]);
}

/** Both ends gave the link up, and have another one. */
function expectNewLink(both: readonly [End, End]): void {
  expectOneConnection(...both);
  for (const { made, lost } of both) expect([made.length, lost.length]).toEqual([2, 1]);
}

describe('a link whose connection breaks (§4.5)', () => {
  test.each(['both', 'dialler', 'acceptor'] as const)(
    'goes on with another one, also when only %s is told',
    async (told) => {
      const world = new World({ seed: 1 });
      const { both, heard } = await talking(world);
      const { peer } = both[0].made[0]!;
      world.cutConnections(told);
      await world.run({ forMs: 5000 });
      expectSameLink(both);
      for (const { told: words } of heard) expect(words).toEqual(['down', 'up']);
      expect(both[0].made[0]!.peer.id).toBe(peer.id);
      both[0].made[0]!.write([Buffer.from('still here')]);
      await world.run({ forMs: 100 });
      expect(heard[1].received).toBe('still here');
    },
  );

  test('goes on however often it breaks, whoever finds it dead', async () => {
    await sweep(
      async (world) => {
        const { both, heard } = await talking(world);
        for (let round = 0; round < 8; round++) {
          world.cutConnections(
            (['both', 'dialler', 'acceptor', 'nobody'] as const)[world.choose(4)],
          );
          await world.run({ forMs: 200 });
          both[world.choose(2)]!.made[0]!.reconnect();
          await world.run({ forMs: 20_000 });
          expectSameLink(both);
        }
        for (const { told } of heard) {
          expect(told.filter((word) => word === 'up').length).toBeGreaterThanOrEqual(8);
          expect(told.filter((word) => word.startsWith('close'))).toEqual([]);
        }
      },
      { seeds: 100 },
    );
  });

  test('goes on with one connection in every order in which both ends make another', async () => {
    const explored = await explore(
      async (world) => {
        const { both } = await talking(world);
        world.cutConnections('both');
        await world.run({ forMs: 60_000 });
        expectSameLink(both);
      },
      { mergeStates: true, maxSchedules: 2000 },
    );
    expect(explored.schedules).toBeGreaterThan(1000);
  });

  test('ends at both ends, and another one begins, where one end has given it up', async () => {
    for (const which of [0, 1] as const) {
      const world = new World({ seed: 2 });
      const { both, heard } = await talking(world);
      world.partition([world.hosts[0]!], [world.hosts[1]!]);
      for (const { made } of both) made[0]!.reconnect();
      await world.run({ forMs: 1000 });
      both[which].made[0]!.destroy();
      await world.run({ forMs: 100 });
      expect(both[which].lost).toHaveLength(1);
      expect(heard[which].told).toEqual(['down', 'close undefined']);
      world.heal();
      await world.run({ forMs: 20_000 });
      expectNewLink(both);
      expect(heard[1 - which]!.told).toEqual(['down', 'close ERR_CONNECTION_LOST']);
    }
  });

  test('ends where nobody would go on with another connection, and so at the other end', async () => {
    const world = new World({ seed: 3 });
    const both = (await ends(world, [1, 2])) as [End, End];
    both[0].sight(both[1]);
    both[1].sight(both[0]);
    await world.run({ forMs: 1000 });
    const heard = new Listening(both[0].made[0]!);
    world.cutConnections('both');
    await world.run({ forMs: 1000 });
    expectNewLink(both);
    expect(heard.told).toEqual(['down', 'close ERR_CONNECTION_LOST']);
  });

  test('ends when the search for peers ends while it has none', async () => {
    const world = new World({ seed: 4 });
    const { both, heard } = await talking(world);
    world.partition([world.hosts[0]!], [world.hosts[1]!]);
    both[0].made[0]!.reconnect();
    await world.run({ forMs: 1000 });
    await world.runUntil(both[0].close());
    await world.run({ forMs: 1 });
    expect(both[0].lost).toHaveLength(1);
    expect(heard[0].told).toEqual(['down', 'close ERR_CONNECTION_LOST']);
  });

  test('is not resumable in one-to-one mode, where nobody would find it another', async () => {
    const world = new World({ seed: 5 });
    const both = (await ends(world, [1, 2], { once: true })) as [End, End];
    both[0].sight(both[1]);
    await world.run({ forMs: 1000 });
    const [link] = both[0].made;
    const heard = new Listening(link!);
    expect(link!.resumable).toBe(false);
    link!.reconnect();
    await world.run({ forMs: 1000 });
    expect(heard.told).toEqual(['close undefined']);
  });
});
