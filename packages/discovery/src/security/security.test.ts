import type { CableCarError } from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import { TestPeer } from '../../../../test/support/discovery/test-peer.ts';
import { DirectClient } from '../direct-client.ts';
import { DirectServer } from '../direct-server.ts';
import type { ConnectorOptions, DiscoveryOptions } from '../options.ts';

const SECRET = 'ruby-harvest-7-orbit-lantern';
const OTHER_SECRET = 'maple-violin-3-canyon-thunder';

let world: World;
beforeEach(() => (world = new World({ seed: 1 })));

/** Programs on hosts of their own, some seconds after they began. */
async function meet(...all: readonly ConnectorOptions[]): Promise<TestPeer[]> {
  const peers = all.map((options, n) => new TestPeer(world.host(`host${n}`).transport, options));
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.start())));
  await world.run({ forMs: 10_000 });
  return peers;
}

const linksOf = (peers: readonly TestPeer[]): number[] =>
  peers.map(({ connector }) => connector.links.size);

/** What comes of a client and a server that are set so. */
async function direct(
  client: DiscoveryOptions,
  server: DiscoveryOptions,
): Promise<readonly [client: string, server: string]> {
  const [home, away] = [world.host('client'), world.host('server')];
  const code = (error: CableCarError): string => error.code;
  const ended: Promise<[string, string]> = Promise.all([
    new DirectClient({ transport: home.transport, ...client, host: away.addresses[0]!, port: 7000 })
      .connect({ timeoutMs: 4000 })
      .then(() => 'link', code),
    new DirectServer({ transport: away.transport, ...server, port: 7000 })
      .connect({ timeoutMs: 4000 })
      .then(
        () => 'link',
        (error: CableCarError) => code(error.cause as CableCarError),
      ),
  ]);
  return world.runUntil(ended);
}

describe('without options', () => {
  test('programs meet, known by their keys', async () => {
    const peers = await meet({}, {});
    expect(linksOf(peers)).toEqual([1, 1]);
    expect(peers[0]!.peers[0]!.peer.id).toBe(peers[1]!.connector.id);
    expect(peers.flatMap(({ codes }) => codes)).toEqual([]);
  });
});

describe('security none', () => {
  test('is told loudly, and meets its like', async () => {
    const peers = await meet({ security: 'none' }, { security: 'none' });
    expect(linksOf(peers)).toEqual([1, 1]);
    for (const { codes } of peers) expect(codes).toEqual(['ERR_INSECURE']);
  });

  test('meets nobody who encrypts, and both are told why', async () => {
    const peers = await meet({ security: 'none' }, {});
    expect(linksOf(peers)).toEqual([0, 0]);
    expect([...new Set(peers[0]!.codes)]).toEqual(['ERR_INSECURE', 'ERR_SECURITY_MODE']);
    expect([...new Set(peers[1]!.codes)]).toEqual(['ERR_SECURITY_MODE']);
  });

  test.each([
    [{ security: 'none' }, {}],
    [{}, { security: 'none' }],
  ] as const)(
    'is not what anybody can be talked into (client %j, server %j)',
    async (client, server) => {
      expect(await direct(client, server)).toEqual(['ERR_SECURITY_MODE', 'ERR_SECURITY_MODE']);
    },
  );
});

describe('a secret', () => {
  test('lets those who have it meet', async () => {
    const peers = await meet({ secret: SECRET }, { secret: SECRET });
    expect(linksOf(peers)).toEqual([1, 1]);
    expect(peers.flatMap(({ codes }) => codes)).toEqual([]);
  });

  test('keeps those apart who have another one, and tells both, once', async () => {
    const peers = await meet({ secret: SECRET }, { secret: OTHER_SECRET });
    expect([linksOf(peers), peers.map(({ codes }) => codes)]).toEqual([
      [0, 0],
      [['ERR_SECRET'], ['ERR_SECRET']],
    ]);
    for (const { sighted } of peers) expect(sighted).toEqual([]);
  });

  test('keeps those apart of whom one has none, and neither hears of the other', async () => {
    const peers = await meet({ secret: SECRET }, {});
    expect([linksOf(peers), peers.flatMap(({ sighted }) => sighted)]).toEqual([[0, 0], []]);
    for (const { connector } of peers) expect(connector.datagrams.foreign).toBeGreaterThan(5);
  });

  test('of one service is none of another', async () => {
    const peers = await meet({ secret: SECRET }, { secret: SECRET, service: 'go' });
    expect(linksOf(peers)).toEqual([0, 0]);
  });

  test.each([
    [{ secret: SECRET }, { secret: SECRET }, 'link'],
    [{ secret: SECRET }, { secret: OTHER_SECRET }, 'ERR_SECRET'],
    [{ secret: SECRET }, {}, 'ERR_SECRET'],
    [{}, { secret: SECRET }, 'ERR_SECRET'],
  ] as const)(
    'is proved by both ends: client %j, server %j, both get %s',
    async (client, server, code) => {
      expect(await direct(client, server)).toEqual([code, code]);
    },
  );
});

describe('trust', () => {
  const idOf = (peer: TestPeer): string => peer.connector.id;

  test('in certain ids lets in nobody else, whoever dials', async () => {
    const friend = new TestPeer(world.host('friend').transport);
    const stranger = new TestPeer(world.host('stranger').transport);
    const ada = new TestPeer(world.host('ada').transport, { trust: { allow: [idOf(friend)] } });
    const all = [friend, stranger, ada];
    await world.runUntil(Promise.all(all.map(({ connector }) => connector.start())));
    await world.run({ forMs: 10_000 });
    expect([...ada.connector.links.keys()]).toEqual([idOf(friend)]);
    expect(new Set(ada.codes)).toEqual(new Set(['ERR_UNTRUSTED']));
    expect(stranger.codes).toContain('ERR_UNTRUSTED');
    expect(ada.warnings[0]?.message).toContain(idOf(stranger));
  });

  type Answer = () => boolean | Promise<boolean>;

  test.each<[string, Answer, number, string[]]>([
    ['yes', () => true, 1, []],
    ['yes, in a while', () => after(300, true), 1, []],
    ['no', () => false, 0, ['ERR_UNTRUSTED']],
    ['no, in a while', () => after(300, false), 0, ['ERR_UNTRUSTED']],
    ['what is no answer', () => 'yes' as unknown as boolean, 0, ['ERR_UNTRUSTED']],
    [
      'nothing, and throws',
      () => {
        throw new Error('no');
      },
      0,
      ['ERR_LISTENER', 'ERR_UNTRUSTED'],
    ],
    [
      'nothing, and rejects',
      () => Promise.reject(new Error('no')),
      0,
      ['ERR_LISTENER', 'ERR_UNTRUSTED'],
    ],
  ])('in whom a function says: %s', async (_, trust, links, codes) => {
    const asked: string[] = [];
    const peers = await meet(
      {
        trust: ({ id, name }) => {
          asked.push(`${id} ${name}`);
          return trust();
        },
      },
      { name: 'Bob' },
    );
    expect(linksOf(peers)).toEqual([links, links]);
    expect([...new Set(peers[0]!.codes)]).toEqual(codes);
    expect(asked[0]).toBe(`${idOf(peers[1]!)} Bob`);
  });

  /** An answer that takes time. */
  function after(delayMs: number, answer: boolean): Promise<boolean> {
    const { clock } = world.hosts[0]!.transport;
    return new Promise((resolve) => clock.setTimer(delayMs, () => resolve(answer)));
  }

  test('in whom has come under a name first holds against others, also after a restart (T17)', async () => {
    const known = { trust: 'known', knownPeers: 'known.json' } as const;
    const [adaHost, bobHost, eveHost] = ['ada', 'bob', 'eve'].map((name) => world.host(name));
    const bob = (): TestPeer =>
      new TestPeer(bobHost!.transport, { name: 'Bob', identity: 'bob.id' });
    const eve = new TestPeer(eveHost!.transport, { name: 'Bob' });
    for (let start = 0; start < 2; start++) {
      const ada = new TestPeer(adaHost!.transport, known);
      const genuine = bob();
      const conflicts: unknown[] = [];
      ada.connector.on('identity-conflict', ({ name, known: id, peer }) =>
        conflicts.push([name, id, peer.id]),
      );
      await world.runUntil(Promise.all([ada.connector.start(), genuine.connector.start()]));
      await world.run({ forMs: 2000 });
      await world.runUntil(eve.connector.start());
      await world.run({ forMs: 10_000 });
      expect([...ada.connector.links.keys()]).toEqual([idOf(genuine)]);
      expect(ada.lost).toEqual([]);
      expect(conflicts).toEqual([['Bob', idOf(genuine), idOf(eve)]]);
      for (const peer of [ada, genuine, eve]) {
        await world.runUntil(peer.connector.stop());
        peer.destroyLinks();
      }
    }
  });

  test('in known peers needs a place to remember them, and one that makes sense', () => {
    const { transport } = world.host('ada');
    expect(() => new TestPeer(transport, { trust: 'known' })).toThrow(/ERR_OPTION.*knownPeers/);
    for (const text of ['[]', 'hello', '{"Bob":7}', '{"Bob":"xyz"}', 'null']) {
      transport.privateFile('known.json').write(text);
      const options = { trust: 'known', knownPeers: 'known.json' } as const;
      expect(() => new TestPeer(transport, options)).toThrow(/ERR_IDENTITY_FILE/);
    }
  });
});

describe('options of security', () => {
  test.each([
    [{ security: 'low' as 'none' }, /ERR_OPTION.*security is low/],
    [{ trust: 'all' as 'any' }, /ERR_OPTION.*trust is "all"/],
    [{ trust: { allow: ['Bob'] } }, /ERR_OPTION.*trust is/],
    [{ identity: '' }, /ERR_OPTION.*identity/],
    [{ security: 'none', secret: SECRET }, /ERR_OPTION.*secret.*none with security 'none'/],
    [{ security: 'none', trust: () => true }, /ERR_OPTION.*trust/],
    [{ wire: 'classic-json', secret: SECRET }, /ERR_OPTION.*secret.*classic-json wire/],
    [{ wire: 'classic-byte', identity: 'ada.id' }, /ERR_OPTION.*identity.*classic-byte wire/],
    [{ secret: '123456' }, /ERR_WEAK_SECRET.*expected at least 50.*generateSecret/],
  ] as const)('%j are refused', (options, error) => {
    expect(() => new TestPeer(world.host('ada').transport, options)).toThrow(error);
  });

  test.each(['swordfish', ['swordfish'], { toString: () => 'swordfish' }])(
    'a refused secret is not told, whatever it is made of (T19)',
    (secret) => {
      const { transport } = world.host('ada');
      const make = (): unknown => new TestPeer(transport, { secret: secret as string });
      expect(make).toThrow(/^\[ERR_(?!.*swordfish)/);
    },
  );
});
