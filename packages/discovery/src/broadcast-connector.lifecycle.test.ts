import { CableCarError, type Transport } from '@cablecar/core-protocol';
import { sweep, World } from '@cablecar/simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import { BroadcastConnector } from './broadcast-connector.ts';
import { TestPeer } from '../../../test/support/discovery/test-peer.ts';

let world: World;

beforeEach(() => {
  world = new World({ seed: 1 });
});

function peer(
  name: string,
  options: ConstructorParameters<typeof BroadcastConnector>[0] = {},
): TestPeer {
  return new TestPeer(world.host(name).transport, options);
}

async function start(...peers: readonly TestPeer[]): Promise<void> {
  await world.runUntil(Promise.all(peers.map(({ connector }) => connector.start())));
}

describe('start() and stop()', () => {
  test('open and close everything, two hundred times', async () => {
    const ada = peer('ada');
    const bob = peer('bob');
    for (let round = 0; round < 200; round++) {
      await start(ada, bob);
      if (round % 3 > 0) await world.run({ forMs: round % 3 });
      const stopped = Promise.all([ada.connector.stop(), bob.connector.stop()]);
      for (const { connector } of [ada, bob]) void connector.stop();
      await world.runUntil(stopped);
      for (const each of [ada, bob]) each.destroyLinks();
      await world.run({ forMs: 50 });
      expect(world.openHandles()).toEqual([]);
    }
    expect([ada.closes, bob.closes]).toEqual([200, 200]);
    expect(ada.peers.length).toBe(ada.lost.length);
  });

  test('leave open links open, and still tell of their end', async () => {
    const ada = peer('ada');
    const bob = peer('bob');
    await start(ada, bob);
    await world.run({ forMs: 100 });
    await world.runUntil(ada.connector.stop());
    expect([ada.closes, ada.lost.length, ada.connector.links.size]).toEqual([1, 0, 1]);
    bob.destroyLinks();
    await world.run({ forMs: 100 });
    expect([ada.lost.length, ada.connector.links.size]).toEqual([1, 0]);
    await world.runUntil(bob.connector.stop());
    expect(world.openHandles()).toEqual([]);
  });

  test('stop() while start() is under way stops what was started', async () => {
    const ada = peer('ada');
    const starting = ada.connector.start();
    await world.runUntil(Promise.all([starting, ada.connector.stop()]));
    expect([world.openHandles(), ada.closes]).toEqual([[], 1]);
  });

  test('start() while stop() is under way begins when that is done', async () => {
    const ada = peer('ada');
    await start(ada);
    const stopping = ada.connector.stop();
    const starting = ada.connector.start();
    await expect(ada.connector.start()).rejects.toThrow('ERR_STATE');
    await world.runUntil(Promise.all([stopping, starting]));
    expect([ada.closes, world.openHandles().length > 0]).toEqual([1, true]);
    await world.runUntil(ada.connector.stop());
    expect([ada.closes, world.openHandles()]).toEqual([2, []]);
  });

  test('stop() before start() does nothing', async () => {
    const ada = peer('ada');
    await ada.connector.stop();
    expect(ada.closes).toBe(0);
  });

  test('start() twice throws ERR_STATE', async () => {
    const ada = peer('ada');
    await start(ada);
    await expect(ada.connector.start()).rejects.toThrow('ERR_STATE');
  });

  test('start() rejects with the system’s trouble, leaves nothing open, and can be tried again', async () => {
    const host = world.host('ada');
    const blocker = await world.runUntil(
      host.program('other').transport.listen({ port: 7000, interfaces: 'all', onConnection() {} }),
    );
    const ada = new TestPeer(host.transport, { tcpPort: 7000 });
    await expect(world.runUntil(ada.connector.start())).rejects.toThrow('ERR_PORT_IN_USE');
    expect(host.program().openHandles()).toEqual([]);
    await world.runUntil(blocker.close());
    await start(ada);
    expect(ada.connector.tcpPort).toBe(7000);
  });

  test('start() rejects where the beacons’ port is another program’s alone', async () => {
    const host = world.host('ada');
    await world.runUntil(
      host.program('other').transport.openDatagrams({
        port: 18_222,
        interfaces: 'all',
        shared: false,
        handlers: { onDatagram() {}, onInterfaces() {}, onWarning() {} },
      }),
    );
    const ada = new TestPeer(host.transport);
    await expect(world.runUntil(ada.connector.start())).rejects.toThrow('ERR_PORT_IN_USE');
    expect(host.program().openHandles()).toEqual([]);
  });

  test('asynchronous disposal stops', async () => {
    const ada = peer('ada');
    await start(ada);
    await world.runUntil(ada.connector[Symbol.asyncDispose]());
    expect(world.openHandles()).toEqual([]);
  });
});

describe('one-to-one mode', () => {
  test('gives exactly one link, whoever else comes in the same instant, and then stops', async () => {
    await sweep(
      async (each) => {
        world = each;
        const once = peer('once', { once: true });
        const others = ['a', 'b', 'c', 'd'].map((name) => peer(name));
        await start(once, ...others);
        await world.runUntil(() => once.closes === 1, { withinMs: 3000 });
        await world.run({ forMs: 5000 });
        expect([once.peers.length, once.lost.length, once.closes]).toEqual([1, 0, 1]);
        const [link] = once.peers;
        for (const { peers, lost, connector } of others) {
          const isPartner = connector.id === link!.peer.id;
          expect(peers.filter(({ peer: { id } }) => id === once.connector.id)).toHaveLength(
            isPartner ? 1 : 0,
          );
          expect(lost).toEqual([]);
        }
      },
      { seeds: 100 },
    );
  });

  test('pairs programs off: of six that begin at once three pairs remain, and no link is ever taken back', async () => {
    await sweep(
      async (each) => {
        world = each;
        const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => peer(name, { once: true }));
        await start(...six);
        await world.runUntil(() => six.every(({ closes }) => closes === 1), { withinMs: 15_000 });
        await world.run({ forMs: 1000 });
        for (const { peers, lost } of six) expect([peers.length, lost.length]).toEqual([1, 0]);
        for (const { connector, peers } of six) {
          const partner = six.find(({ connector: { id } }) => id === peers[0]!.peer.id)!;
          expect(partner.peers[0]!.peer.id).toBe(connector.id);
        }
      },
      { seeds: 100 },
    );
  });

  test('can begin another search when the first has ended', async () => {
    const once = peer('once', { once: true });
    const others = [peer('a'), peer('b')];
    await start(once, ...others);
    await world.runUntil(() => once.closes === 1);
    await start(once);
    await world.runUntil(() => once.closes === 2);
    expect(once.connector.links.size).toBe(2);
  });
});

describe('timeoutMs', () => {
  test('ends a search that finds nobody, with a warning', async () => {
    const ada = peer('ada', { timeoutMs: 5000 });
    await start(ada);
    await world.run({ forMs: 4999 });
    expect([ada.closes, ada.codes]).toEqual([0, []]);
    await world.run({ forMs: 2 });
    expect([ada.closes, ada.codes]).toEqual([1, ['ERR_TIMEOUT']]);
    expect(world.openHandles()).toEqual([]);
  });

  test('ends a search that found somebody without a warning; links stay', async () => {
    const ada = peer('ada', { timeoutMs: 5000 });
    await start(ada, peer('bob'));
    await world.run({ forMs: 6000 });
    expect([ada.closes, ada.codes, ada.connector.links.size]).toEqual([1, [], 1]);
  });
});

describe('the load on the network', () => {
  test('is at most three beacons in two seconds for a program alone, on each interface', async () => {
    const ada = peer('ada');
    await start(ada);
    await world.run({ forMs: 1000 });
    let datagrams = 0;
    world.observe(({ kind, from }) => {
      if (kind === 'datagram:sent' && from?.host !== '127.0.0.1') datagrams++;
    });
    await world.run({ forMs: 60_000 });
    expect(datagrams).toBeGreaterThan(50);
    expect(datagrams).toBeLessThan(90);
  });
});

describe('what listeners do', () => {
  test('does no harm when they throw', async () => {
    const ada = peer('ada');
    const bob = peer('bob');
    for (const event of ['peer', 'peer:lost', 'sighted', 'close'] as const) {
      ada.connector.on(event, () => {
        throw new Error('mine');
      });
    }
    await start(ada, bob);
    await world.run({ forMs: 2000 });
    bob.destroyLinks();
    await world.run({ forMs: 2000 });
    expect([ada.peers.length, bob.peers.length]).toEqual([2, 2]);
    expect(new Set(ada.codes)).toEqual(new Set(['ERR_LISTENER']));
  });

  test('may be to stop, to destroy the link, or to start again', async () => {
    const ada = peer('ada');
    const bob = peer('bob');
    ada.connector.once('peer', (link) => {
      link.destroy();
      void ada.connector.stop().then(() => ada.connector.start());
    });
    await start(ada, bob);
    await world.runUntil(() => ada.peers.length === 2 && bob.peers.length === 2);
    await world.run({ forMs: 1000 });
    expect([ada.connector.links.size, bob.connector.links.size]).toEqual([1, 1]);
  });
});

describe('options', () => {
  const wrong = (options: object): (() => unknown) => {
    const transport = {} as Transport;
    return () => new BroadcastConnector({ transport, name: 'Ada', ...options });
  };

  test.each([
    [{ udpPort: 80 }, 'udpPort is 80, expected a whole number from 1024 to 65535'],
    [{ tcpPort: 1 }, 'tcpPort is 1, expected'],
    [{ tcpPort: 1.5 }, 'tcpPort is 1.5, expected'],
    [{ announceIntervalMs: 99 }, 'announceIntervalMs is 99, expected'],
    [{ headStartMs: -1 }, 'headStartMs is -1, expected'],
    [{ handshakeTimeoutMs: '2s' }, 'handshakeTimeoutMs is 2s, expected'],
    [{ maxPeers: 0 }, 'maxPeers is 0, expected'],
    [{ timeoutMs: 0 }, 'timeoutMs is 0, expected'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs is NaN, expected'],
    [{ once: 1 }, 'once is 1, expected true or false'],
    [{ service: '' }, 'service is , expected text of 1 to 255 bytes'],
    [{ service: 'é'.repeat(128) }, 'expected text of 1 to 255 bytes'],
    [{ name: 'a\u0007' }, 'expected 1 to 64 characters'],
    [{ name: 'x'.repeat(65) }, 'expected 1 to 64 characters'],
    [{ name: ' ' }, 'expected 1 to 64 characters'],
    [{ metadata: { x: 'y'.repeat(500) } }, /a beacon of 5\d\d bytes, expected at most 512/],
    [{ metadata: 7 }, 'metadata is number, expected a plain object'],
    [{ peers: 'ada' }, 'peers is ada, expected a list of at most 64 hosts'],
    [{ peers: Array(65).fill('ada') }, 'expected a list of at most 64 hosts'],
    [{ peers: ['a b'] }, 'peers is "a b", expected entries like'],
    [{ peers: ['ada:80'] }, 'peers is "ada:80", expected entries like'],
    [{ peers: ['10.0.0.256'] }, 'peers is "10.0.0.256", expected entries like'],
    [{ peers: ['[fd00::1'] }, 'peers is "[fd00::1", expected entries like'],
    [{ peers: [7] }, 'peers is 7, expected entries like'],
    [{ peers: ['ada'], wire: 'classic-json' }, 'expected none on the classic-json wire'],
    [{ rememberPeers: '' }, 'rememberPeers is , expected a path'],
    [{ interfaces: [] }, 'interfaces is , expected'],
    [{ interfaces: 'eth0' }, 'interfaces is eth0, expected'],
  ])('%j cannot be', (options, message) => {
    expect(wrong(options)).toThrow(message);
    expect(wrong(options)).toThrow('ERR_OPTION');
  });

  test('metadata cannot grow too large later either', async () => {
    const ada = peer('ada');
    await start(ada);
    expect(() => ada.connector.setMetadata({ x: 'y'.repeat(500) })).toThrow(/513|5\d\d bytes/);
    expect(ada.connector.metadata).toEqual({});
  });

  test('have a name of user and host by default', () => {
    const connector = new BroadcastConnector({ transport: world.host('ada').transport });
    expect(connector.name).toMatch(/^.+@.+$/);
    expect(CableCarError.is(connector)).toBe(false);
  });
});
