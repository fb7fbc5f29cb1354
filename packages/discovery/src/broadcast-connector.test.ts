import { sweep, World, type SimHost } from '@cablecar/simulator';
import { describe, expect, test } from 'vitest';
import { TestPeer } from '../../../test/support/discovery/test-peer.ts';

/** Each has met each other exactly once, and nothing was amiss. */
function expectMesh(peers: readonly TestPeer[]): void {
  for (const peer of peers) {
    const others = peers.filter((other) => other !== peer).map(({ connector }) => connector.id);
    expect([...peer.connector.links.keys()].sort()).toEqual(others.sort());
    expect(peer.peers.map((link) => link.peer.id).sort()).toEqual(others.sort());
    expect(peer.lost).toEqual([]);
    expect(peer.codes).toEqual([]);
  }
}

function isMesh(peers: readonly TestPeer[]): boolean {
  return peers.every(({ connector }) => connector.links.size === peers.length - 1);
}

async function startAll(world: World, peers: readonly TestPeer[]): Promise<void> {
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.start())));
}

/** Stops everything, and finds that nothing is left. */
async function stopAll(world: World, peers: readonly TestPeer[]): Promise<void> {
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.stop())));
  for (const peer of peers) peer.destroyLinks();
  await world.run({ forMs: 100 });
  expect(world.openHandles()).toEqual([]);
}

function pairOf(world: World): [TestPeer, TestPeer] {
  return [
    TestPeer.withId(world.host('small').transport, 1),
    TestPeer.withId(world.host('large').transport, 2),
  ];
}

function hostOf(world: World, name: string): SimHost {
  return world.hosts.find((host) => host.name === name)!;
}

describe('two programs', () => {
  test('meet within milliseconds when they begin together', async () => {
    await sweep(
      async (world) => {
        const peers = pairOf(world);
        await startAll(world, peers);
        await world.runUntil(() => isMesh(peers), { withinMs: 10 });
        await world.run({ forMs: 5000 });
        expectMesh(peers);
      },
      { seeds: 50 },
    );
  });

  test('meet within milliseconds when one begins later, whichever', async () => {
    await sweep(
      async (world) => {
        const peers = pairOf(world);
        if (world.seed % 2 === 0) peers.reverse();
        await startAll(world, peers.slice(0, 1));
        await world.run({ forMs: 5300 });
        await startAll(world, peers.slice(1));
        await world.runUntil(() => isMesh(peers), { withinMs: 10 });
        expectMesh(peers);
      },
      { seeds: 50 },
    );
  });

  test('know name, metadata, address and who dialled', async () => {
    const world = new World({ seed: 2 });
    const small = TestPeer.withId(world.host('a').transport, 1, {
      name: 'Ada',
      metadata: { a: 1 },
    });
    const large = TestPeer.withId(world.host('b').transport, 2, { name: 'Bob' });
    await startAll(world, [small, large]);
    await world.run({ forMs: 100 });
    expect(large.peers[0]?.peer).toEqual({
      id: '01'.repeat(16),
      epoch: '01'.repeat(8),
      name: 'Ada',
      metadata: { a: 1 },
      endpoint: { host: '10.1.0.1', port: small.connector.tcpPort },
      dialledBy: 'us',
      via: 'broadcast',
    });
    expect(small.peers[0]?.peer).toMatchObject({ name: 'Bob', metadata: {}, dialledBy: 'them' });
    expect(small.connector.addresses()).toEqual(['10.1.0.2']);
    await world.run({ forMs: 1000 });
    expect(large.sighted).toMatchObject([{ name: 'Ada', metadata: { a: 1 } }]);
    await stopAll(world, [small, large]);
  });

  test.each([
    ['larger', 'small', 'drop'],
    ['larger', 'small', 'reject'],
    ['smaller', 'large', 'drop'],
    ['smaller', 'large', 'reject'],
  ] as const)(
    'meet where only the %s id can be dialled, though %s would %s',
    async (_, deaf, dials) => {
      const world = new World({ seed: 3 });
      const peers = pairOf(world);
      hostOf(world, deaf).firewall({ dials });
      await startAll(world, peers);
      await world.runUntil(() => isMesh(peers), { withinMs: 200 });
      await world.run({ forMs: 5000 });
      expectMesh(peers);
      await stopAll(world, peers);
    },
  );

  test('meet where the beacons of only one of them arrive', async () => {
    for (const deaf of ['small', 'large']) {
      const world = new World({ seed: 3 });
      const peers = pairOf(world);
      hostOf(world, deaf).firewall({ datagrams: 'drop' });
      await startAll(world, peers);
      await world.runUntil(() => isMesh(peers), { withinMs: 200 });
      await stopAll(world, peers);
    }
  });

  test('meet when a third of all datagrams is lost', async () => {
    const times: number[] = [];
    await sweep(
      async (world) => {
        const peers = pairOf(world);
        await startAll(world, peers);
        await world.runUntil(() => isMesh(peers), { withinMs: 10_000 });
        times.push(world.now);
        expectMesh(peers);
      },
      { seeds: 200, network: { datagramLoss: 0.33 } },
    );
    times.sort((one, other) => one - other);
    expect(times[100]).toBeLessThan(50);
    expect(times[190]).toBeLessThan(500);
  });

  test('of different services do not notice each other', async () => {
    const world = new World({ seed: 4 });
    const chess = new TestPeer(world.host('a').transport, { service: 'chess' });
    const go = new TestPeer(world.host('b').transport, { service: 'go' });
    await startAll(world, [chess, go]);
    await world.run({ forMs: 5000 });
    expect([chess.peers, chess.sighted, chess.warnings]).toEqual([[], [], []]);
    expect(chess.connector.datagrams.otherService).toBeGreaterThan(5);
    await stopAll(world, [chess, go]);
  });
});

describe('a peer', () => {
  test('that left and returns is found again', async () => {
    const world = new World({ seed: 5 });
    const [ada, bob] = pairOf(world);
    await startAll(world, [ada, bob]);
    await world.runUntil(() => isMesh([ada, bob]));
    for (let round = 2; round < 5; round++) {
      await world.runUntil(bob.connector.stop());
      bob.destroyLinks();
      await world.runUntil(() => ada.lost.length === round - 1 && bob.lost.length === round - 1);
      await world.run({ forMs: 3000 });
      await startAll(world, [bob]);
      await world.runUntil(() => isMesh([ada, bob]), { withinMs: 200 });
      expect([ada.peers.length, bob.peers.length]).toEqual([round, round]);
    }
    await stopAll(world, [ada, bob]);
  });

  test('that crashed and was restarted is met in its new life', async () => {
    for (const sockets of ['close', 'reset', 'vanish'] as const) {
      const world = new World({ seed: 6 });
      const ada = TestPeer.withId(world.host('a').transport, 1);
      const old = TestPeer.withId(world.host('b').transport, { id: 2, epoch: 1 });
      await startAll(world, [ada, old]);
      await world.runUntil(() => isMesh([ada, old]));
      hostOf(world, 'b').crash({ sockets });
      hostOf(world, 'b').restart();
      const young = TestPeer.withId(hostOf(world, 'b').transport, { id: 2, epoch: 2 });
      await startAll(world, [young]);
      await world.runUntil(() => ada.peers.length === 2 && isMesh([ada, young]), { withinMs: 400 });
      expect(ada.peers.map(({ peer }) => peer.epoch)).toEqual(['01'.repeat(8), '02'.repeat(8)]);
      expect(ada.lost.map(({ link }) => link)).toEqual([ada.peers[0]]);
      await world.run({ forMs: 10_000 });
      expect([ada.peers.length, young.peers.length, young.lost.length]).toEqual([2, 1, 0]);
    }
  });

  test('whose link breaks is linked again', async () => {
    for (const told of ['both', 'dialler', 'acceptor'] as const) {
      const world = new World({ seed: 7 });
      const [ada, bob] = pairOf(world);
      await startAll(world, [ada, bob]);
      await world.runUntil(() => isMesh([ada, bob]));
      await world.run({ forMs: 11_000 });
      world.cutConnections(told);
      await world.runUntil(() => ada.peers.length === 2 && bob.peers.length === 2, {
        withinMs: 400,
      });
      await world.run({ forMs: 5000 });
      for (const { peers, lost, connector } of [ada, bob]) {
        expect([peers.length, lost.length, connector.links.size]).toEqual([2, 1, 1]);
        expect(lost[0]?.error?.code).toBe('ERR_CONNECTION_LOST');
      }
      await stopAll(world, [ada, bob]);
    }
  });

  test('with whom the link was ended is not dialled again', async () => {
    const world = new World({ seed: 8 });
    const [ada, bob] = pairOf(world);
    await startAll(world, [ada, bob]);
    await world.runUntil(() => isMesh([ada, bob]));
    ada.peers[0]?.end();
    bob.peers[0]?.end();
    await world.run({ forMs: 60_000 });
    for (const { peers, lost, connector } of [ada, bob]) {
      expect([peers.length, lost.length, connector.links.size]).toEqual([1, 1, 0]);
    }
    await stopAll(world, [ada, bob]);
  });

  test('that changes its metadata shows it to those with a link', async () => {
    const world = new World({ seed: 9 });
    const [ada, bob] = pairOf(world);
    await startAll(world, [ada, bob]);
    await world.runUntil(() => isMesh([ada, bob]));
    await world.run({ forMs: 2000 });
    bob.connector.setMetadata({ level: 4 });
    await world.runUntil(() => ada.updates.length > 0, { withinMs: 10 });
    await world.run({ forMs: 5000 });
    expect(ada.updates).toEqual([ada.peers[0]]);
    expect(ada.peers[0]?.peer.metadata).toEqual({ level: 4 });
    expect(bob.updates).toEqual([]);
    await stopAll(world, [ada, bob]);
  });
});

describe('many programs', () => {
  test('on one host and on others form a mesh, each pair linked exactly once', async () => {
    await sweep(
      async (world) => {
        const hosts = ['a', 'b', 'c'].map((name) => world.host(name));
        const programs = hosts.flatMap((host) => ['1', '2', '3', '4'].map((n) => host.program(n)));
        const peers = programs.map(({ transport }) => new TestPeer(transport));
        await startAll(world, peers);
        await world.runUntil(() => isMesh(peers), { withinMs: 1000 });
        await world.run({ forMs: 5000 });
        expectMesh(peers);
      },
      { seeds: 10 },
    );
  });
});
