import { type DatagramPort, encodeBeacon, serviceHash } from '@cablecar/core-protocol';
import { type SimHost, World } from '@cablecar/simulator';
import { beforeEach, describe, expect, test } from 'vitest';
import { TestPeer } from '../../../../test/support/discovery/test-peer.ts';

const SECRET = 'ruby-harvest-7-orbit-lantern';
const UDP_PORT = 18_222;

let world: World;
let eve: SimHost;
let ada: TestPeer;
let port: DatagramPort;
let adaPort: number;
/** What Eve hears, and has not got the secret of. */
let heard: Uint8Array[];

beforeEach(async () => {
  world = new World({ seed: 3 });
  heard = [];
  eve = world.host('eve');
  port = await world.runUntil(
    eve.transport.openDatagrams({
      port: UDP_PORT,
      interfaces: 'all',
      handlers: {
        onDatagram: (bytes) => heard.push(bytes),
        onInterfaces: () => {},
        onWarning: () => {},
      },
    }),
  );
  ada = new TestPeer(world.host('ada').transport, { name: 'Ada', secret: SECRET });
  await world.runUntil(ada.connector.start());
  adaPort = ada.connector.tcpPort as number;
  await world.run({ forMs: 100 });
});

describe('with a secret (§2.6(1))', () => {
  test('every beacon is sealed', async () => {
    await world.run({ forMs: 5000 });
    await world.runUntil(ada.connector.stop());
    expect(heard.length).toBeGreaterThan(8);
    for (const bytes of heard) {
      expect(Buffer.from(bytes).toString('latin1', 0, 5)).toBe('CCAS\u0001');
      expect(bytes.length).toBeLessThanOrEqual(512);
    }
  });

  test('a beacon in the clear, of the same service, is ignored', async () => {
    const [id, epoch] = ['e'.repeat(32), 'e'.repeat(16)];
    const beacon = { id, epoch, port: 5000, name: 'Eve', metadata: {} };
    port.broadcast(
      encodeBeacon({ kind: 'announce', serviceHash: serviceHash('default'), ...beacon }),
      'subnet',
    );
    await world.run({ forMs: 1000 });
    expect([ada.sighted, ada.connector.datagrams.foreign, ada.codes]).toEqual([[], 1, []]);
  });

  test('a beacon that was changed, cut or lengthened is ignored, and told of once', async () => {
    const [beacon] = heard as [Uint8Array];
    for (let at = 5; at < beacon.length; at += 7) {
      const changed = Uint8Array.from(beacon);
      changed[at]! ^= 0x20;
      port.broadcast(changed, 'everywhere');
    }
    port.broadcast(beacon.subarray(0, -1), 'everywhere');
    port.broadcast(Buffer.concat([beacon, Buffer.alloc(1)]), 'everywhere');
    port.broadcast(Buffer.concat([beacon, Buffer.alloc(512)]), 'everywhere');
    await world.run({ forMs: 1000 });
    const { foreign, own, received } = ada.connector.datagrams;
    expect([ada.sighted, foreign, received - own, ada.codes]).toEqual([
      [],
      foreign,
      foreign,
      ['ERR_SECRET'],
    ]);
    expect(foreign).toBeGreaterThan(10);
  });

  test('a beacon sent again by another leads to a dial, and that to nothing: not even a proof (§3.6(3))', async () => {
    const bob = new TestPeer(world.host('bob').transport, { secret: SECRET });
    const [beacon] = heard as [Uint8Array];
    await world.runUntil(ada.connector.stop());
    await world.runUntil(bob.connector.start());
    const { accepted } = await listenAndReplay(beacon);
    expect(accepted).toBeGreaterThan(0);
    expect(bob.peers).toEqual([]);
    expect(new Set(bob.codes)).toEqual(new Set(['ERR_IDENTITY']));
  });

  /** Eve says that she is where Ada was. */
  async function listenAndReplay(beacon: Uint8Array): Promise<{ accepted: number }> {
    const counter = { accepted: 0 };
    await world.runUntil(
      eve.transport.listen({
        port: adaPort,
        interfaces: 'all',
        onConnection: (connection) => {
          counter.accepted++;
          eve.transport
            .identify()
            .secure(connection, 'acceptor')
            .attach({
              onChunk: () => expect.unreachable(),
              onDrain: () => {},
              onEnd: () => {},
              onClose: () => {},
            });
        },
      }),
    );
    port.broadcast(beacon, 'everywhere');
    await world.run({ forMs: 3000 });
    return counter;
  }

  test('metadata has so much less room', () => {
    const { transport } = world.host('room');
    const make = (length: number, secret?: string): unknown =>
      new TestPeer(transport, {
        name: 'Ada',
        metadata: { a: 'x'.repeat(length) },
        ...(secret === undefined ? {} : { secret }),
      });
    const most = 512 - 42 - 3 - 1 - 8;
    expect(make(most)).toBeDefined();
    expect(() => make(most + 1)).toThrow(/ERR_OPTION/);
    expect(make(most - 33, SECRET)).toBeDefined();
    expect(() => make(most - 32, SECRET)).toThrow(/ERR_OPTION.*with a secret/);
  });
});
