import { World, type SimHost } from '@cablecar/simulator';
import { expect, test } from 'vitest';
import { TestPeer } from '../../../../test/support/discovery/test-peer.ts';
import type { ConnectorOptions } from '../options.ts';

/** A network on which nothing that is for everybody gets through. */
function narrowWorld(seed = 1): World {
  return new World({ seed, network: { broadcastLoss: 1, multicastLoss: 1 } });
}

async function started(
  world: World,
  host: SimHost,
  options: ConnectorOptions = {},
): Promise<TestPeer> {
  const peer = new TestPeer(host.transport, { name: host.name, ...options });
  await world.runUntil(peer.connector.start());
  return peer;
}

/** By which roads a program met the others, by their names. */
function roads({ connector }: TestPeer): Record<string, string> {
  return Object.fromEntries([...connector.links.values()].map(({ peer }) => [peer.name, peer.via]));
}

test('whoever lists one meets all that one knows, and all meet each other, whatever is lost', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const world = new World({
      seed,
      network: { broadcastLoss: 1, multicastLoss: 1, datagramLoss: 0.2 },
    });
    const names = ['hub', 'b', 'c', 'd', 'e', 'f'];
    const peers: TestPeer[] = [];
    for (const name of names) {
      const options = name === 'hub' ? {} : { peers: ['hub'] };
      peers.push(await started(world, world.host(name), options));
    }
    const isMesh = (): boolean => peers.every(({ connector }) => connector.links.size === 5);
    await world.runUntil(isMesh, { withinMs: 120_000 });
    for (const peer of peers) expect(peer.lost).toEqual([]);
  }
});

test('with a secret all of it is sealed, gossip too', async () => {
  const world = narrowWorld();
  const secret = 'correct horse battery staple, and more of it';
  const all: TestPeer[] = [];
  const heard: string[] = [];
  world.observe(({ kind, bytes }) => {
    if (kind === 'datagram:sent' && bytes) heard.push(Buffer.from(bytes).toString('latin1', 0, 4));
  });
  for (const name of ['hub', 'b', 'c']) {
    const host = world.host(name);
    const options = name === 'hub' ? {} : { peers: ['hub'] };
    all.push(await started(world, host, { secret, ...options }));
  }
  const peers = (): number => Math.min(...all.map(({ connector }) => connector.links.size));
  await world.runUntil(() => peers() === 2, { withinMs: 10_000 });
  await world.run({ forMs: 5000 });
  expect(heard.length).toBeGreaterThan(20);
  expect(new Set(heard)).toEqual(new Set(['CCAS']));
});

test('a peer that was met by its address is found again when the network lets it', async () => {
  const world = narrowWorld();
  const hub = await started(world, world.host('hub'));
  const ada = await started(world, world.host('ada'), { peers: ['hub'] });
  await world.runUntil(() => ada.connector.links.size === 1 && hub.connector.links.size === 1);
  expect(roads(ada)).toEqual({ hub: 'peers' });
  expect(roads(hub)).toEqual({ ada: 'peers' });
  for (const link of ada.connector.links.values()) link.destroy();
  await world.runUntil(() => ada.peers.length === 2, { withinMs: 10_000 });
});

test('a name that nobody has brings one warning, and is met once somebody has it', async () => {
  const world = narrowWorld();
  const ada = await started(world, world.host('ada'), { peers: ['late'] });
  await world.run({ forMs: 20_000 });
  expect(ada.codes).toEqual(['ERR_HOST_UNKNOWN']);
  await started(world, world.host('late'));
  await world.runUntil(() => ada.connector.links.size === 1, { withinMs: 10_000 });
});

test('hosts are remembered from one start to the next, the latest 64', async () => {
  const world = new World();
  const ada = world.host('ada');
  const bob = world.host('bob');
  const rememberPeers = 'peers.json';
  await started(world, bob);
  const first = await started(world, ada, { rememberPeers });
  await world.runUntil(() => first.connector.links.size === 1);
  expect(roads(first)).toEqual({ bob: 'broadcast' });
  await world.runUntil(first.connector.stop());
  first.destroyLinks();
  await world.run({ forMs: 1000 });
  world.setNetwork({ broadcastLoss: 1, multicastLoss: 1 });
  const second = await started(world, ada, { rememberPeers });
  await world.runUntil(() => second.connector.links.size === 1, { withinMs: 10_000 });
  expect(Object.values(roads(second))).toEqual(['remembered']);
});

test.each([['{'], ['{}'], ['[7]'], ['["http://ada"]']])(
  'a damaged file of remembered peers, %s, is a warning and no more',
  async (text) => {
    const world = new World();
    const host = world.host('ada');
    host.transport.privateFile('peers.json').write(text);
    const ada = await started(world, host, { rememberPeers: 'peers.json' });
    expect(ada.codes).toEqual(['ERR_SYSTEM']);
    await started(world, world.host('bob'));
    await world.runUntil(() => ada.connector.links.size === 1);
    expect(JSON.parse(host.transport.privateFile('peers.json').read() ?? '')).toHaveLength(1);
  },
);
