import type { CableCarError, Link } from '@cablecar/core-protocol';
import { sweep, World, type SimHost } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { TestPeer } from '../../../../test/support/discovery/test-peer.ts';
import type { ConnectorOptions } from '../options.ts';

function classicPeer(host: SimHost, options: ConnectorOptions = {}): TestPeer {
  return new TestPeer(host.transport, { wire: 'classic-json', ...options });
}

/** Two hosts, the first of which has the smaller address. */
function pairOn(world: World): [SimHost, SimHost] {
  return [world.host('small'), world.host('large')];
}

async function startAll(world: World, peers: readonly TestPeer[]): Promise<void> {
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.start())));
}

function isMesh(peers: readonly TestPeer[]): boolean {
  return peers.every(({ connector }) => connector.links.size === peers.length - 1);
}

/** Each has met each other once, with one connection, and nothing was amiss. */
function expectMesh(world: World, peers: readonly TestPeer[]): void {
  for (const peer of peers) {
    expect(peer.peers).toHaveLength(peers.length - 1);
    expect(peer.lost).toEqual([]);
    expect(peer.codes).toEqual([]);
  }
  expect(world.connections).toHaveLength((peers.length * (peers.length - 1)) / 2);
}

/** Stops everything, and finds that nothing is left. */
async function stopAll(world: World, peers: readonly TestPeer[]): Promise<void> {
  for (const peer of peers) peer.destroyLinks();
  await world.run({ forMs: 100 });
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.stop())));
  expect(world.openHandles()).toEqual([]);
}

/** Writes numbered lines on a link and keeps what comes on it. */
class Talk {
  said = 0;
  #text = '';
  #isHeld = false;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
    link.attach({
      onChunk: (bytes) => (this.#text += Buffer.from(bytes).toString()),
      onDrain: () => (this.#isHeld = false),
      onEnd: () => {},
      onClose: () => {},
    });
  }

  say(): void {
    if (this.#isHeld) return;
    this.#isHeld = !this.#link.write([Buffer.from(`["Count",{"n":${this.said++}}]\n`)]);
  }

  get heard(): number[] {
    const lines = this.#text.split('\n').slice(0, -1);
    return lines.map((line) => (JSON.parse(line) as [string, { n: number }])[1].n);
  }
}

function countTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

describe('two programs on a classic wire', () => {
  test('meet exactly once, whichever begins', async () => {
    await sweep(
      async (world) => {
        const peers = pairOn(world).map((host) => classicPeer(host));
        if (world.seed % 2 === 0) peers.reverse();
        await startAll(world, peers.slice(0, 1));
        await world.run({ forMs: (world.seed * 97) % 3_000 });
        await startAll(world, peers.slice(1));
        await world.runUntil(() => isMesh(peers), { withinMs: 1_800 });
        await world.run({ forMs: 10_000 });
        expectMesh(world, peers);
        await stopAll(world, peers);
      },
      { seeds: 40 },
    );
  });

  test('meet exactly once where datagrams are lost, doubled and late', async () => {
    await sweep(
      async (world) => {
        const peers = pairOn(world).map((host) => classicPeer(host));
        await startAll(world, peers);
        await world.runUntil(() => isMesh(peers), { withinMs: 30_000 });
        await world.run({ forMs: 10_000 });
        for (const peer of peers) {
          expect(peer.peers).toHaveLength(1);
          expect(peer.lost).toEqual([]);
        }
      },
      {
        seeds: 60,
        network: { datagramLoss: 0.4, datagramDuplication: 0.3, delayMs: [0, 200] },
      },
    );
  });

  test('talk in order and once also where both have dialled (§9.4(1))', async () => {
    let crossings = 0;
    await sweep(
      async (world) => {
        const hosts = pairOn(world);
        const peers = hosts.map((host) => classicPeer(host));
        const talks: Talk[] = [];
        for (const { connector } of peers)
          connector.on('peer', (link) => talks.push(new Talk(link)));
        const silences = [world.choose(2), world.choose(2)];
        await startAll(world, peers);
        // The larger address dials first unless it is held up just then.
        world.after(700 + 10 * world.choose(80), () => hosts[1].stall(800 + 10 * world.choose(80)));
        let most = 0;
        for (const end = world.now + 8_000; world.now < end;) {
          await world.run({ forMs: 1 + world.choose(30) });
          most = Math.max(most, world.connections.length);
          talks.forEach((talk, at) => {
            if (world.now > (silences[at] ?? 0) * 5_000) talk.say();
          });
        }
        await world.run({ forMs: 2_000 });
        if (most > 1) crossings++;
        for (const peer of peers) {
          expect(peer.peers).toHaveLength(1);
          expect(peer.lost).toEqual([]);
        }
        const [one, other] = talks as [Talk, Talk];
        expect(one.said).toBeGreaterThan(20);
        expect(other.heard).toEqual(countTo(one.said));
        expect(one.heard).toEqual(countTo(other.said));
        await stopAll(world, peers);
      },
      { seeds: 120, network: { delayMs: [0, 40], chunkBytes: [1, 60] } },
    );
    expect(crossings).toBeGreaterThan(5);
  });

  test('are as many on one LAN as there are hosts, and as many LANs as a host is on', async () => {
    const world = new World({ seed: 3 });
    const peers = ['a', 'b', 'c', 'd', 'e'].map((name) => classicPeer(world.host(name)));
    const bridge = classicPeer(world.host('bridge', { lans: ['lan', 'other'] }));
    const beyond = classicPeer(world.host('beyond', { lans: ['other'] }));
    await startAll(world, [...peers, bridge, beyond]);
    await world.run({ forMs: 5_000 });
    for (const peer of peers) expect(peer.peers).toHaveLength(5);
    expect(bridge.peers).toHaveLength(6);
    expect(beyond.connector.addresses()).toEqual([world.hosts[5]!.addresses[1]]);
  });

  test('meet again when one crashed and began anew, with the loss told first', async () => {
    for (const sockets of ['close', 'reset', 'vanish'] as const) {
      const world = new World({ seed: 4 });
      const hosts = pairOn(world);
      const [small, large] = hosts.map((host) => classicPeer(host)) as [TestPeer, TestPeer];
      await startAll(world, [small, large]);
      await world.runUntil(() => isMesh([small, large]));
      const told: string[] = [];
      small.connector.on('peer', () => told.push('peer'));
      small.connector.on('peer:lost', ({ error }) => told.push(`lost ${String(error?.code)}`));
      hosts[1].crash({ sockets });
      await world.run({ forMs: 300 });
      hosts[1].restart();
      const again = classicPeer(hosts[1]);
      await startAll(world, [again]);
      await world.runUntil(() => again.peers.length === 1 && told.length === 2);
      expect(told).toEqual([
        sockets === 'close' ? 'lost undefined' : 'lost ERR_CONNECTION_LOST',
        'peer',
      ]);
      await world.run({ forMs: 5_000 });
      expect(again.peers).toHaveLength(1);
      expect(world.connections).toHaveLength(1);
    }
  });
});

describe('a connector on a classic wire', () => {
  test('shows itself and its peers by address, and by name once that is told', async () => {
    const world = new World({ seed: 5 });
    const [small, large] = pairOn(world).map((host) => classicPeer(host)) as [TestPeer, TestPeer];
    expect(small.connector.id).toBe('0.0.0.0');
    await startAll(world, [small, large]);
    expect(small.connector.id).toBe(world.hosts[0]!.addresses[0]);
    expect(small.connector.tcpPort).toBe(8_223);
    await world.runUntil(() => isMesh([small, large]));
    const [link] = small.peers;
    const id = large.connector.id;
    expect(link?.peer).toMatchObject({ id, name: id, metadata: {}, dialledBy: 'them' });
    expect(link?.peer).toMatchObject({ via: 'broadcast', epoch: '0000000000000000' });
    expect(small.sighted).toMatchObject([{ id, name: id, endpoint: { host: id, port: 8_223 } }]);
    expect(small.connector.links.get(id)).toBe(link);
    link?.rename?.('ada@lab');
    link?.rename?.('ada@lab');
    link?.rename?.('\u202eada@lab\n');
    expect(small.updates).toEqual([link]);
    expect(link?.peer.name).toBe('ada@lab');
    expect(link?.resumable).toBe(false);
  });

  test('has no place for metadata', () => {
    const world = new World();
    const peer = classicPeer(world.host('a'));
    expect(() => peer.connector.setMetadata({ level: 3 })).toThrow(/ERR_OPTION.*classic-json/);
    expect(peer.connector.metadata).toEqual({});
    expect(() => classicPeer(world.host('b'), { metadata: { level: 3 } })).toThrow(
      /metadata is \{"level":3\}, expected none on the classic-json wire/,
    );
    for (const options of [{ wire: 'morse' as never }, { tcpPort: 0 }, { maxMessageBytes: 7 }]) {
      expect(() => classicPeer(world.host(JSON.stringify(options)), options)).toThrow('ERR_OPTION');
    }
  });

  test('one to one: stops after the first link, though of three the third may have been met before', async () => {
    await sweep(
      async (world) => {
        const names = ['a', 'b', 'c'];
        const peers = names.map((name) => classicPeer(world.host(name), { once: true }));
        await startAll(world, peers);
        await world.run({ forMs: 20_000 });
        const links = peers.map(({ connector }) => connector.links.size);
        expect(links.toSorted((one, other) => one - other)).toEqual([0, 1, 1]);
        for (const { peers: met, closes } of peers) {
          expect(met.length).toBeLessThanOrEqual(1);
          expect(closes).toBe(met.length);
        }
        await stopAll(world, peers);
      },
      { seeds: 20 },
    );
  });

  test('finds nobody within its time and says so', async () => {
    const world = new World();
    const lonely = classicPeer(world.host('a'), { timeoutMs: 3_000 });
    await startAll(world, [lonely]);
    await world.run({ forMs: 3_100 });
    expect(lonely.codes).toEqual(['ERR_TIMEOUT']);
    expect(lonely.closes).toBe(1);
    expect(world.openHandles()).toEqual([]);
  });

  test('can be stopped and started again, and leaves links alone meanwhile', async () => {
    const world = new World({ seed: 6 });
    const [small, large] = pairOn(world).map((host) => classicPeer(host)) as [TestPeer, TestPeer];
    await startAll(world, [small, large]);
    await world.runUntil(() => isMesh([small, large]));
    await world.runUntil(Promise.all([small.connector.stop(), large.connector.stop()]));
    expect(isMesh([small, large])).toBe(true);
    await startAll(world, [small, large]);
    await world.run({ forMs: 5_000 });
    expectMesh(world, [small, large]);
  });

  test('needs its ports for itself, and leaves nothing open where it does not get them', async () => {
    const world = new World();
    const host = world.host('a');
    const first = classicPeer(host);
    await startAll(world, [first]);
    const second = new TestPeer(host.program('second').transport, { wire: 'classic-json' });
    const failed = (error: CableCarError) => error.code;
    expect(await world.runUntil(second.connector.start().catch(failed))).toBe('ERR_PORT_IN_USE');
    const third = new TestPeer(host.program('third').transport, {
      wire: 'classic-json',
      tcpPort: 9_000,
    });
    expect(await world.runUntil(third.connector.start().catch(failed))).toBe('ERR_PORT_IN_USE');
    expect(host.program('third').openHandles()).toEqual([]);
    await world.runUntil(third.connector.stop());
  });

  test('takes no more peers than it may', async () => {
    const world = new World({ seed: 8 });
    const full = classicPeer(world.host('a'), { maxPeers: 1 });
    const others = ['b', 'c'].map((name) => classicPeer(world.host(name)));
    await startAll(world, [full, ...others]);
    await world.run({ forMs: 10_000 });
    expect(full.connector.links.size).toBe(1);
    expect(full.codes).toContain('ERR_LIMIT');
  });
});
