import type { CableCarError, Endpoint, Link, Listener } from '@cablecar/core-protocol';
import { explore, sweep, World, type SimHost } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { Listening } from '../../../../test/support/discovery/listening.ts';
import { lifeOf, type Life } from '../life.ts';
import type { Self } from '../self.ts';
import { plainSecurity } from '../security/security.ts';
import { LinkMaker } from './link-maker.ts';

/** One end of a meeting: makes links, and notes what became of them. */
class End {
  readonly self: Self;
  readonly made: Link[] = [];
  readonly lost: Link[] = [];
  readonly warnings: CableCarError[] = [];
  onMade: (link: Link) => unknown = () => undefined;
  readonly #host: SimHost;
  readonly #maker: LinkMaker;
  #listener: Listener | undefined;

  constructor(host: SimHost, id: number, { headStartMs = 0, once = false } = {}) {
    this.#host = host;
    const name = host.name;
    const [hex, epoch] = [`${id}`.repeat(32), '1'.repeat(16)];
    this.self = { id: hex, epoch, service: 'test', name, metadata: {} };
    this.#maker = new LinkMaker({
      transport: host.transport,
      security: plainSecurity(host.transport),
      via: () => 'broadcast',
      self: () => this.self,
      handshakeTimeoutMs: 2000,
      headStartMs,
      once,
      maxPeers: 10,
      onLink: (link) => {
        this.made.push(link);
        this.onMade(link);
      },
      onLost: (link) => this.lost.push(link),
      onWarning: (error) => this.warnings.push(error),
    });
  }

  get life(): Life {
    return lifeOf(this.self);
  }

  get endpoint(): Endpoint {
    return { host: this.#host.addresses[0]!, port: this.#listener!.port };
  }

  get links(): Link[] {
    return this.made.filter((link) => !this.lost.includes(link));
  }

  async open(): Promise<void> {
    this.#maker.open();
    this.#listener = await this.#host.transport.listen({
      port: 0,
      interfaces: 'all',
      onConnection: (connection) => this.#maker.admit(connection),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#listener?.close(), this.#maker.close()]);
  }

  sight(other: End): void {
    this.#maker.sighted(other.life, other.endpoint);
  }
}

/** Opens an end on a host of its own for each id. */
async function ends(
  world: World,
  ids: readonly number[],
  options: { readonly headStartMs?: number; readonly once?: boolean } = {},
): Promise<End[]> {
  const all = ids.map((id) => new End(world.host(`host${id}`), id, options));
  await world.runUntil(Promise.all(all.map((end) => end.open())));
  return all;
}

/** There is one link at each end, and both are ends of one connection. */
function expectOneConnection(one: End, other: End): void {
  expect([one.links.length, other.links.length]).toEqual([1, 1]);
  expect(one.links[0]!.local).toEqual(other.links[0]!.remote);
  expect(one.links[0]!.remote).toEqual(other.links[0]!.local);
}

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

describe('in one-to-one mode (§4.6)', { timeout: 120_000 }, () => {
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
    'goes on with another one, also when only %s is told (§4.5(1))',
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

  test('ends at both ends, and another one begins, where one end has given it up (§4.5(1))', async () => {
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

  test('ends although both had said that it would go on, when one end closes it meanwhile (§4.5(2))', async () => {
    for (const which of [0, 1] as const) {
      for (let afterMs = 0; afterMs <= 400; afterMs += 10) {
        const world = new World({ seed: 2, network: { delayMs: 50 } });
        const { both, heard } = await talking(world);
        world.cutConnections('both');
        await world.run({ forMs: afterMs });
        both[which].made[0]!.destroy();
        await world.run({ forMs: 20_000 });
        expectNewLink(both);
        expect(heard[1 - which]!.told.at(-1)).toMatch(/^close/);
      }
    }
  });

  test('goes on also where one end never knew of it, because the last word of the handshake was lost (§4.5(3))', async () => {
    for (let cutAtMs = 0; cutAtMs <= 220; cutAtMs += 10) {
      const world = new World({ seed: 2, network: { delayMs: 50 } });
      const both = await facing(world);
      for (const end of both) end.onMade = (link) => new Listening(link);
      await world.run({ forMs: cutAtMs });
      world.cutConnections('both');
      await world.run({ forMs: 20_000 });
      expectOneConnection(...both);
      expect(
        both.map(({ made }) => made.length),
        `cut after ${cutAtMs} ms`,
      ).toEqual([1, 1]);
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
