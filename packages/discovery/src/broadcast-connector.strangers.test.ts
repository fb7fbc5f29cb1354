import {
  encodeBeacon,
  encodeGreeting,
  FRAME,
  serviceHash,
  type Beacon,
  type Connection,
  type Greeting,
} from '@cablecar/core-protocol';
import { World, type SimHost } from '@cablecar/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { frameOf } from '../../../test/support/discovery/frame-of.ts';
import { TestPeer } from '../../../test/support/discovery/test-peer.ts';
import { Visitor } from '../../../test/support/discovery/visitor.ts';

const GREETING: Greeting = {
  service: 'default',
  id: 'ff'.repeat(16),
  epoch: '00'.repeat(8),
  round: 0,
  link: 0,
  name: 'stranger',
  metadata: {},
};

let world: World;
let ada: TestPeer;
let bob: TestPeer;
let stranger: SimHost;

/** What the program says to a connection on which this is sent. */
async function say(bytes: Uint8Array, id: string = GREETING.id): Promise<Visitor> {
  const visitor = await Visitor.to(world, stranger, ada, id);
  visitor.write(bytes);
  await world.run({ forMs: 10 });
  return visitor;
}

beforeEach(async () => {
  world = new World({ seed: 1 });
  const home = world.host('ada');
  ada = new TestPeer(home.transport, {}, home.addresses[0]);
  bob = new TestPeer(world.host('bob').transport);
  stranger = world.host('stranger');
  await world.runUntil(Promise.all([ada.connector.start(), bob.connector.start()]));
  await world.run({ forMs: 500 });
});

/** Whatever strangers do, the two that have each other keep each other, and newcomers get in. */
afterEach(async () => {
  const eve = new TestPeer(world.host('eve').transport);
  await world.runUntil(eve.connector.start());
  await world.runUntil(() => eve.connector.links.size === 2, { withinMs: 3000 });
  expect([ada.lost, bob.lost, bob.warnings]).toEqual([[], [], []]);
});

describe('a stranger’s connection', () => {
  test.each([
    [
      'a web browser',
      Buffer.from(`GET / HTTP/1.1\r\nHost: ada\r\nCookie: ${'x'.repeat(99)}\r\n\r\n`),
    ],
    ['zeros', Buffer.alloc(64)],
    ['a frame of 4 KiB', frameOf(FRAME.HELLO, Buffer.alloc(4096))],
    ['a message', frameOf(16, Buffer.from('{}'))],
  ])('that sends %s is closed, with one warning', async (_, bytes) => {
    const visitor = await say(bytes);
    expect([visitor.isClosed, visitor.received.length]).toEqual([true, 0]);
    expect(ada.codes).toEqual(['ERR_HANDSHAKE']);
  });

  test.each([
    [
      'of another service',
      frameOf(FRAME.HELLO, encodeGreeting({ ...GREETING, service: 'go' })),
      'ERR_SERVICE_MISMATCH',
    ],
    [
      'of another version',
      frameOf(FRAME.HELLO, Buffer.from('CCAR\x02\x03')),
      'ERR_VERSION_MISMATCH',
    ],
  ])('%s is told so, and ours as well', async (_, bytes, code) => {
    const visitor = await say(bytes);
    expect(visitor.rejection()?.code).toBe(code);
    expect(ada.codes).toEqual([code]);
    await world.run({ forMs: 600 });
    expect(visitor.isClosed).toBe(true);
  });

  test.each([
    ['says nothing', Buffer.alloc(0)],
    ['says half a HELLO', frameOf(FRAME.HELLO, encodeGreeting(GREETING)).subarray(0, 20)],
  ])('that %s is closed after two seconds (T6)', async (_, bytes) => {
    const visitor = await say(bytes);
    await world.run({ forMs: 1980 });
    expect(visitor.isClosed).toBe(false);
    await world.run({ forMs: 30 });
    expect(visitor.isClosed).toBe(true);
    expect(ada.codes).toEqual(['ERR_HANDSHAKE_TIMEOUT']);
  });

  test('that is welcomed but never confirms makes no link', async () => {
    await say(frameOf(FRAME.HELLO, encodeGreeting(GREETING)));
    await world.run({ forMs: 2100 });
    expect(ada.peers).toHaveLength(1);
    expect(ada.codes).toEqual(['ERR_HANDSHAKE_TIMEOUT']);
  });

  test('that comes and goes without a word is nobody’s trouble', async () => {
    (await say(Buffer.alloc(0))).connection.destroy();
    await world.run({ forMs: 100 });
    expect(ada.codes).toEqual([]);
  });

  test('from ourselves is turned away (T23)', async () => {
    const { id } = ada.connector;
    const visitor = await say(frameOf(FRAME.HELLO, encodeGreeting({ ...GREETING, id })), id);
    expect(visitor.rejection()?.code).toBe('ERR_SELF');
  });

  test.each(['ours', 'that of a peer', 'nobody’s'])(
    'that claims an id whose key it has not, %s, is turned away (§3.5(1))',
    async (whose) => {
      const id = { ours: ada, 'that of a peer': bob }[whose]?.connector.id ?? '9'.repeat(32);
      const visitor = await say(frameOf(FRAME.HELLO, encodeGreeting({ ...GREETING, id })));
      expect([visitor.rejection()?.code, ada.codes]).toEqual(['ERR_IDENTITY', ['ERR_IDENTITY']]);
    },
  );

  test('in the clear is closed, and told in words of TLS (§3.5(3))', async () => {
    const port = ada.connector.tcpPort as number;
    const plain = new Visitor(
      await world.runUntil(stranger.transport.dial({ host: ada.host, port })),
    );
    plain.write(frameOf(FRAME.HELLO, encodeGreeting(GREETING)));
    await world.run({ forMs: 100 });
    expect(plain.received.toString('hex')).toBe('15030300020246');
    plain.connection.destroy();
    await world.run({ forMs: 100 });
    expect(ada.codes).toEqual(['ERR_SECURITY_MODE']);
  });

  test('is one of eight at a time from its host (§3.4(4)) (T5)', async () => {
    const visitors: Visitor[] = [];
    for (let n = 0; n < 12; n++) visitors.push(await Visitor.to(world, stranger, ada));
    await world.run({ forMs: 100 });
    expect(visitors.map(({ isClosed }) => isClosed)).toEqual(
      Array.from({ length: 12 }, (_, n) => n >= 8),
    );
    expect(ada.codes).toEqual(Array.from({ length: 4 }, () => 'ERR_LIMIT'));
  });

  test('is turned away where its host comes too often, and others are not (§3.4(4)) (T5)', async () => {
    const isTurnedAway = async (from: SimHost): Promise<boolean> => {
      const visitor = await Visitor.to(world, from, ada);
      await world.run({ forMs: 1 });
      const { isClosed } = visitor;
      visitor.connection.destroy();
      return isClosed;
    };
    const turned: boolean[] = [];
    for (let n = 0; n < 60; n++) turned.push(await isTurnedAway(stranger));
    expect(turned.indexOf(true)).toBeGreaterThanOrEqual(32);
    expect(turned.at(-1)).toBe(true);
    expect(await isTurnedAway(world.host('other'))).toBe(false);
    await world.run({ forMs: 1_000 });
    expect(await isTurnedAway(stranger)).toBe(false);
  });

  test('makes room when it is the silent one of sixty-four (§3.4(4)) (T5)', async () => {
    const visitors: Visitor[] = [];
    const hosts = Array.from({ length: 20 }, (_, n) => world.host(`host${n}`));
    for (let n = 0; n < 80; n++) visitors.push(await Visitor.to(world, hosts[n % 20]!, ada));
    await world.run({ forMs: 100 });
    expect(visitors.filter(({ isClosed }) => !isClosed)).toHaveLength(64);
    expect(visitors.slice(0, 16).every(({ isClosed }) => isClosed)).toBe(true);
    // The honest newcomer of afterEach() gets in while the others are still there.
  });

  test('cannot flood the program with warnings (T19)', async () => {
    for (let n = 0; n < 40; n++) await say(Buffer.alloc(64));
    expect(ada.warnings.length).toBeLessThan(20);
  });
});

describe('a stranger’s datagram', () => {
  const beacon: Beacon = {
    kind: 'announce',
    road: 'broadcast',
    serviceHash: '',
    id: '',
    epoch: '00'.repeat(8),
    port: 5000,
    name: 'x',
    metadata: {},
  };

  test('makes at most twenty dials to its host, and then few (T2)', async () => {
    const dials: Connection[] = [];
    await world.runUntil(
      stranger.transport.listen({
        port: 5000,
        interfaces: 'all',
        onConnection: (connection) => {
          dials.push(connection);
          connection.destroy();
        },
      }),
    );
    const port = await world.runUntil(
      stranger.transport.openDatagrams({
        port: 18_222,
        interfaces: 'all',
        handlers: { onDatagram() {}, onInterfaces() {}, onWarning() {} },
      }),
    );
    for (let n = 0; n < 500; n++) {
      const id = n.toString(16).padStart(32, '0');
      port.send(encodeBeacon({ ...beacon, id, serviceHash: serviceHash('default') }), {
        host: '10.1.0.1',
        port: 18_222,
      });
      await world.run({ forMs: 10 });
    }
    expect(dials.length).toBeGreaterThan(0);
    expect(dials.length).toBeLessThanOrEqual(22);
    expect(ada.connector.datagrams.limited).toBeGreaterThan(200);
    await world.runUntil(port.close());
  });
});
