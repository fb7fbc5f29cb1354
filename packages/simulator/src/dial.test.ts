import type { Connection, Listener } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ConnectionRecorder } from '../../../test/compliance/recorders.ts';
import type { SimHost } from './sim-host.ts';
import { World } from './world.ts';

const LIMIT = { withinMs: 1_000_000 };

async function listen(host: SimHost): Promise<{ listener: Listener; accepted: Connection[] }> {
  const accepted: Connection[] = [];
  const listener = await host.transport.listen({
    port: 7,
    interfaces: 'all',
    onConnection: (connection) => accepted.push(connection),
  });
  return { listener, accepted };
}

/** How a dial ends, and how many milliseconds it takes. */
async function outcome(world: World, from: SimHost, host: string): Promise<[string, number]> {
  const start = world.now;
  const dialling = from.transport.dial({ host, port: 7 }).then(
    () => 'connected',
    (error: unknown) => (error as { code: string }).code,
  );
  const end = await world.runUntil(dialling, LIMIT);
  return [end, Math.floor(world.now - start)];
}

describe('dialling', () => {
  test('takes one way there and one back, and understands addresses and names', async () => {
    const world = new World({ network: { delayMs: 10 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const { accepted } = await listen(bob);
    for (const name of ['bob', 'bob.local', bob.addresses[0]!]) {
      expect(await outcome(world, ada, name)).toEqual(['connected', 20]);
    }
    expect(accepted).toHaveLength(3);
    await listen(ada);
    expect((await outcome(world, ada, 'localhost'))[0]).toBe('connected');
    expect((await outcome(world, ada, ada.addresses[0]!))[0]).toBe('connected');
  });

  test.each<[string, (world: World, bob: SimHost) => string, string, number]>([
    ['an unknown name', () => 'nobody', 'ERR_HOST_UNKNOWN', 0],
    ['an address of no network', () => '192.168.0.1', 'ERR_UNREACHABLE', 0],
    ['an IPv6 address', () => 'fe80::1', 'ERR_UNREACHABLE', 0],
    ['an address that nobody has', () => '10.1.9.9', 'ERR_UNREACHABLE', 3010],
    [
      'a host where nobody listens',
      (world) => world.host('eve').name,
      'ERR_CONNECTION_REFUSED',
      20,
    ],
    [
      'a host whose firewall rejects',
      (_, bob) => (bob.firewall({ dials: 'reject' }), 'bob'),
      'ERR_CONNECTION_REFUSED',
      20,
    ],
    [
      'a host whose firewall drops',
      (_, bob) => (bob.firewall({ dials: 'drop' }), 'bob'),
      'ERR_UNREACHABLE',
      127_000,
    ],
    [
      'a host that is switched off',
      (_, bob) => (bob.crash({ sockets: 'vanish' }), 'bob'),
      'ERR_UNREACHABLE',
      127_000,
    ],
  ])('of %s fails', async (_, prepare, code, afterMs) => {
    const world = new World({ network: { delayMs: 10 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await listen(bob);
    expect(await outcome(world, ada, prepare(world, bob))).toEqual([code, afterMs]);
    expect(ada.openHandles()).toEqual([]);
  });

  test('goes on silently through a partition and connects after it', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const { accepted } = await listen(bob);
    for (const [from, to] of [
      [ada, bob],
      [bob, ada],
    ] as const) {
      world.partition([from], [to], { direction: 'forth' });
      const before = accepted.length;
      const dialling = ada.transport.dial({ host: 'bob', port: 7 });
      await world.run({ forMs: 5000 });
      expect(accepted).toHaveLength(before);
      world.heal();
      await world.runUntil(dialling, LIMIT);
      expect(accepted).toHaveLength(before + 1);
    }
  });

  test('that is aborted after it was accepted leaves no connection behind', async () => {
    const world = new World({ network: { delayMs: 10 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const { accepted } = await listen(bob);
    const controller = new AbortController();
    const dialling = ada.transport.dial({ host: 'bob', port: 7 }, { signal: controller.signal });
    let reason: unknown;
    dialling.catch((error: unknown) => (reason = error));
    await world.runUntil(() => accepted.length === 1);
    controller.abort('enough');
    await world.settle();
    expect(reason).toBe('enough');
    const end = new ConnectionRecorder();
    accepted[0]!.attach(end);
    accepted[0]!.end();
    await world.settle();
    expect(end.calls).toEqual(['end', 'close']);
    expect(world.connections).toEqual([]);
    expect(ada.openHandles()).toEqual([]);
  });

  test('of a port number that is none is refused', async () => {
    const { transport } = new World().host('ada');
    await expect(transport.dial({ host: 'ada', port: 65_536 })).rejects.toThrow('ERR_OPTION');
    await expect(
      transport.listen({ port: -1, interfaces: 'all', onConnection: () => {} }),
    ).rejects.toThrow('ERR_OPTION');
  });
});

describe('listening', () => {
  test('on the loopback alone turns away those who come by a LAN', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    let accepted = 0;
    await bob.transport.listen({
      port: 7,
      interfaces: 'loopback',
      onConnection: () => accepted++,
    });
    const connection = await world.runUntil(ada.transport.dial({ host: 'bob', port: 7 }));
    const end = new ConnectionRecorder();
    connection.attach(end);
    await world.settle();
    expect([accepted, end.calls]).toEqual([0, ['end']]);
    expect((await outcome(world, bob, '127.0.0.1'))[0]).toBe('connected');
    expect(accepted).toBe(1);
  });

  test('that ends during a stall turns away whom the system had accepted meanwhile', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const { listener, accepted } = await listen(bob);
    bob.stall(1000);
    const connection = await world.runUntil(ada.transport.dial({ host: 'bob', port: 7 }));
    await listener.close();
    const end = new ConnectionRecorder();
    connection.attach(end);
    await world.run({ forMs: 2000 });
    expect([accepted.length, end.calls]).toEqual([0, ['end']]);
  });

  test('on a port of one host does not take it from another', async () => {
    const world = new World();
    await listen(world.host('ada'));
    await listen(world.host('bob'));
    const other = world.host('eve');
    const { listener } = await listen(other);
    await expect(listen(other)).rejects.toThrow('ERR_PORT_IN_USE');
    await listener.close();
    await listen(other);
  });
});
