import type { Connection, Transport } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ConnectionRecorder, DatagramRecorder } from '../../../test/compliance/recorders.ts';
import type { SimHost } from './sim-host.ts';
import { World } from './world.ts';

/** Accepts connections at a host and answers every chunk with itself. */
async function echo(transport: Transport): Promise<ConnectionRecorder[]> {
  const ends: ConnectionRecorder[] = [];
  await transport.listen({
    port: 7,
    interfaces: 'all',
    onConnection: (connection) => {
      const end = new ConnectionRecorder();
      ends.push(end);
      connection.attach({
        onChunk: (bytes) => {
          end.onChunk(bytes);
          connection.write([bytes]);
        },
        onDrain: () => {},
        onEnd: () => {
          end.onEnd();
          connection.end();
        },
        onClose: (error) => end.onClose(error),
      });
    },
  });
  return ends;
}

async function dial(
  world: World,
  from: SimHost,
  host: string,
): Promise<{ connection: Connection; end: ConnectionRecorder }> {
  const connection = await world.runUntil(from.transport.dial({ host, port: 7 }), {
    withinMs: 1_000_000,
  });
  const end = new ConnectionRecorder();
  connection.attach(end);
  return { connection, end };
}

const ONE = [Uint8Array.of(1)];

describe('a stalled host', () => {
  test('reads what has come before its timers fire, however long they are overdue', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    const order: string[] = [];
    void end.until(() => end.count('chunk') === 1).then(() => order.push('chunk'));
    ada.transport.clock.setTimer(100, () => order.push('deadline'));
    ada.transport.clock.setTimer(50, () => order.push('earlier deadline'));
    connection.write(ONE);
    ada.stall(3000);
    await world.run({ forMs: 2999 });
    expect(order).toEqual([]);
    await world.run({ forMs: 1 });
    expect(order).toEqual(['chunk', 'earlier deadline', 'deadline']);
  });

  test('still has its system accept and take bytes, up to the window', async () => {
    const world = new World({ network: { windowBytes: 1000 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const ends = await echo(bob.transport);
    bob.stall(5000);
    const { connection } = await dial(world, ada, 'bob');
    expect(connection.write([new Uint8Array(1500)])).toBe(false);
    await world.run({ forMs: 4000 });
    expect([ends.length, connection.bufferedBytes]).toEqual([0, 500]);
    await world.run({ forMs: 2000 });
    expect([ends[0]?.byteLength, connection.bufferedBytes]).toEqual([1500, 0]);
  });

  test('can have its stall made longer, and never shorter', async () => {
    const world = new World();
    const ada = world.host('ada');
    let firedAt: number | undefined;
    ada.transport.clock.setTimer(10, () => (firedAt = world.now));
    ada.stall(100);
    ada.stall(50);
    world.after(40, () => ada.stall(200));
    await world.run({ forMs: 1000 });
    expect(firedAt).toBe(240);
  });
});

describe('a sleeping host', () => {
  test.each([
    ['stops', 0, 150],
    ['runs', 100, 100],
  ] as const)(
    'whose monotonic clock %s lets the time of day run on',
    async (monotonicClock, passed, firedAfter) => {
      const world = new World();
      const ada = world.host('ada');
      const { clock } = ada.transport;
      const [start, wallStart] = [clock.now(), clock.wallNow()];
      let firedAt: number | undefined;
      clock.setTimer(50, () => (firedAt = world.now));
      ada.sleep(100, { monotonicClock });
      await world.run({ forMs: 100 });
      expect([clock.now() - start, clock.wallNow() - wallStart]).toEqual([passed, 100]);
      await world.run({ forMs: 100 });
      expect(firedAt).toBe(firedAfter);
    },
  );

  test('keeps the order of its timers', async () => {
    const world = new World();
    const ada = world.host('ada');
    const fired: number[] = [];
    for (const delay of [5, 3, 9, 3, 5]) {
      ada.transport.clock.setTimer(delay, () => fired.push(delay));
    }
    ada.sleep(1000);
    await world.runAll();
    expect(fired).toEqual([3, 3, 5, 5, 9]);
  });

  test('hears no datagrams, and gets what was sent to its connections once it is awake', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const handlers = new DatagramRecorder();
    await bob.transport.openDatagrams({ port: 9, interfaces: 'all', handlers });
    const sending = await ada.transport.openDatagrams({
      port: 9,
      interfaces: 'all',
      handlers: new DatagramRecorder(),
    });
    const ends = await echo(bob.transport);
    const { connection } = await dial(world, ada, 'bob');
    await world.settle();
    bob.sleep(5000);
    sending.broadcast(Uint8Array.of(1), 'subnet');
    connection.write(ONE);
    await world.run({ forMs: 4999 });
    expect([handlers.datagrams.length, ends[0]!.byteLength]).toEqual([0, 0]);
    await world.run({ forMs: 10_000 });
    expect([handlers.datagrams.length, ends[0]!.byteLength]).toEqual([0, 1]);
  });

  test('the time of day can be set as well', () => {
    const { clock } = new World().host('ada').transport;
    expect(clock.wallNow()).toBeGreaterThan(0);
    const world = new World();
    const ada = world.host('ada');
    const before = ada.transport.clock.wallNow();
    ada.setWallClock(-3_600_000);
    expect(ada.transport.clock.wallNow() - before).toBe(-3_600_000);
  });
});

describe('a cable', () => {
  test('that is out holds connections, which go on when it is in again', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    ada.unplug();
    expect(ada.addresses).toEqual([]);
    connection.write(ONE);
    await world.run({ forMs: 10_000 });
    expect(end.calls).toEqual([]);
    ada.plug();
    await world.run({ forMs: 20_000 });
    expect(end.calls).toEqual(['chunk']);
  });

  test('that is out leaves the host without a way to the network, and with its own loopback', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.transport);
    await echo(ada.transport);
    ada.unplug();
    await expect(dial(world, ada, 'bob')).rejects.toThrow('ERR_UNREACHABLE');
    await dial(world, ada, '127.0.0.1');
  });

  test('can be pulled out of one LAN of several', async () => {
    const world = new World();
    const ada = world.host('ada', { lans: ['home', 'office'] });
    ada.unplug({ lan: 'home' });
    expect(ada.addresses).toEqual(['10.2.0.1']);
    expect(() => ada.unplug({ lan: 'school' })).toThrow('expected one of home, office');
  });

  test('that is pulled out for a while is put back in by itself, unless something else is done to it first', async () => {
    const world = new World();
    const ada = world.host('ada', { lans: ['home', 'office'] });
    ada.unplug({ lan: 'home', forMs: 1_000 });
    await world.run({ forMs: 999 });
    expect(ada.addresses).toEqual(['10.2.0.1']);
    await world.run({ forMs: 1 });
    expect(ada.addresses).toEqual(['10.1.0.1', '10.2.0.1']);

    ada.unplug({ forMs: 1_000 });
    await world.run({ forMs: 500 });
    ada.unplug({ lan: 'home' });
    await world.run({ forMs: 10_000 });
    expect(ada.addresses).toEqual(['10.2.0.1']);

    ada.plug();
    ada.unplug({ forMs: 1_000 });
    ada.plug();
    ada.unplug({ forMs: 3_000 });
    await world.run({ forMs: 2_999 });
    expect(ada.addresses).toEqual([]);
    await world.run({ forMs: 1 });
    expect(ada.addresses).toHaveLength(2);
  });

  test('that carries another address afterwards leaves old connections dead, and nobody is told', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const ends = await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    ada.readdress({ lan: 'lan', address: '10.1.7.7' });
    connection.write(ONE);
    await world.run({ forMs: 60_000 });
    expect([end.calls, ends[0]!.calls]).toEqual([[], []]);
    const again = await dial(world, ada, 'bob');
    expect(again.connection.local.host).toBe('10.1.7.7');
  });
});

describe('a partition', () => {
  test('holds connections and loses nothing of them; the longer it lasts, the longer they take', async () => {
    const pauses: number[] = [];
    for (const lasting of [100, 30_000]) {
      const world = new World({ seed: 5 });
      const [ada, bob] = [world.host('ada'), world.host('bob')];
      await echo(bob.transport);
      const { connection, end } = await dial(world, ada, 'bob');
      world.partition([ada], [bob]);
      for (let i = 0; i < 10; i++) connection.write([Uint8Array.of(i)]);
      await world.run({ forMs: lasting });
      expect(end.byteLength).toBe(0);
      world.heal();
      const healed = world.now;
      await world.runUntil(() => end.byteLength === 10);
      pauses.push(world.now - healed);
      expect([...end.bytes]).toEqual([...Array.from({ length: 10 }).keys()]);
    }
    expect(pauses[0]).toBeLessThan(500);
    expect(pauses[1]).toBeGreaterThan(1000);
  });

  test('that outlasts the system’s patience ends the connections that had something to say', async () => {
    const world = new World({ network: { connectionGiveUpMs: 20_000 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const ends = await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    world.partition([ada], [bob]);
    connection.write(ONE);
    world.after(10_000, () => world.host('eve').unplug()); // a change elsewhere buys no time
    await world.run({ forMs: 21_000 });
    expect(end.calls).toEqual(['close']);
    expect(end.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    expect(ends[0]!.calls).toEqual([]);
  });

  test('leaves everybody else connected', async () => {
    const world = new World();
    const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((name) => world.host(name));
    await echo(bob!.transport);
    world.partition([ada!], [eve!]);
    for (const host of [ada!, eve!]) await dial(world, host, 'bob');
  });
});

describe('partitions of a length', () => {
  /** Who gets a connection to whom. */
  async function reach(world: World): Promise<string[]> {
    const pairs = world.hosts.flatMap((from) =>
      world.hosts.filter((to) => to !== from).map((to) => [from, to] as const),
    );
    const dialled = await world.runUntil(
      Promise.all(
        pairs.map(([from, to]) =>
          from.transport.dial({ host: to.name, port: 7 }, { timeoutMs: 50 }).then(
            () => `${from.name} ${to.name}`,
            () => '',
          ),
        ),
      ),
    );
    return dialled.filter((pair) => pair !== '');
  }

  test('end by themselves, each its own, and keep a host apart from all others if none are named', async () => {
    const world = new World();
    const [ada, bob, eve] = [world.host('ada'), world.host('bob'), world.host('eve')];
    for (const { transport } of world.hosts) await echo(transport);
    world.partition([ada], undefined, { forMs: 1_000 });
    world.partition([ada, bob], [eve], { forMs: 2_000 });
    expect(await reach(world)).toEqual([]);
    await world.run({ forMs: 1_000 });
    expect(await reach(world)).toEqual(['ada bob', 'bob ada']);
    await world.run({ forMs: 1_000 });
    expect(await reach(world)).toHaveLength(6);
    expect(world.transcript.filter((line) => line.includes('is over'))).toHaveLength(2);
  });

  test('do not end one that came after they were healed', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    for (const { transport } of world.hosts) await echo(transport);
    world.partition([ada], [bob], { forMs: 1_000 });
    world.heal();
    expect(await reach(world)).toHaveLength(2);
    world.partition([ada], [bob]);
    await world.run({ forMs: 2_000 });
    expect(await reach(world)).toEqual([]);
  });
});

describe('a host on a network of its own', () => {
  /** How long a byte takes there and back. */
  async function roundTrip(world: World, from: SimHost, to: SimHost): Promise<number> {
    const { connection, end } = await dial(world, from, to.name);
    const sentAt = world.now;
    connection.write(ONE);
    await world.runUntil(() => end.byteLength === 1);
    return world.now - sentAt;
  }

  test('sends and hears by it, while the others keep theirs', async () => {
    const world = new World({ network: { delayMs: 1 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const eve = world.host('eve', { network: { delayMs: 50 } });
    const far = world.host('far', { network: { delayMs: 200 } });
    for (const { transport } of world.hosts) await echo(transport);
    expect(await roundTrip(world, ada, bob)).toBe(2);
    expect(await roundTrip(world, ada, eve)).toBe(100);
    expect(await roundTrip(world, eve, ada)).toBe(100);
    expect(await roundTrip(world, eve, far)).toBe(250); // the sender's counts
    eve.setNetwork({ delayMs: 20 });
    expect(await roundTrip(world, ada, eve)).toBe(40);
  });

  test('has of the world’s what it did not change, also what the world changes later', async () => {
    const world = new World({ network: { delayMs: 1 } });
    const ada = world.host('ada', { network: { delayMs: 50 } });
    const bob = world.host('bob');
    for (const { transport } of world.hosts) await echo(transport);
    world.setNetwork({ delayMs: 7, bytesPerMs: 0.1 });
    expect(await roundTrip(world, ada, bob)).toBe(120);
    expect(() => ada.setNetwork({ datagramLoss: 2 })).toThrow('ERR_OPTION');
    expect(() => world.host('eve', { network: { datagramLoss: 2 } })).toThrow('ERR_OPTION');
    expect(world.host('eve').addresses).toEqual(['10.1.0.3']);
  });

  test('loses and cuts by it as well', async () => {
    const world = new World();
    const bad = { datagramLoss: 1, chunkBytes: 1 };
    const [ada, bob] = [world.host('ada'), world.host('bob', { network: bad })];
    const ends = await echo(bob.transport);
    const handlers = new DatagramRecorder();
    await bob.transport.openDatagrams({ port: 9, interfaces: 'all', handlers });
    const port = await ada.transport.openDatagrams({
      port: 9,
      interfaces: 'all',
      handlers: new DatagramRecorder(),
    });
    port.broadcast(Uint8Array.of(1), 'subnet');
    const { connection } = await dial(world, ada, 'bob');
    connection.write([new Uint8Array(100)]);
    await world.settle();
    expect(handlers.datagrams).toEqual([]);
    expect(ends[0]!.byteLength).toBe(100);
    expect(ends[0]!.chunks.length).toBeGreaterThan(10);
  });
});

describe('a crash', () => {
  test.each([
    ['close', ['end']],
    ['reset', ['close']],
    ['vanish', []],
  ] as const)('whose sockets %s shows the other end %j', async (sockets, seen) => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    bob.program().crash({ sockets });
    await world.run({ forMs: 1000 });
    expect(end.calls).toEqual(seen);
    connection.write(ONE);
    await world.run({ forMs: 1000 });
    expect(end.calls).toEqual(sockets === 'close' ? ['end', 'close'] : seen);
    expect(bob.openHandles()).toEqual([]);
    expect(world.connections).toHaveLength(sockets === 'vanish' ? 1 : 0);
  });

  test('comes before what the program would have been told next', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const ends = await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    bob.stall(1000);
    connection.write(ONE);
    await world.run({ forMs: 500 });
    connection.destroy();
    ada.crash();
    bob.crash();
    await world.run({ forMs: 1000 });
    expect([end.calls, ends[0]!.calls]).toEqual([[], []]);
  });

  test('calls none of the program’s code any more, and nothing it still does has an effect', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const ends = await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    const { clock } = ada.transport;
    let called = 0;
    const count = (): number => called++;
    clock.setTimer(10, count);
    clock.endOfTurn(count);
    ada.crash({ sockets: 'vanish' });
    clock.setTimer(10, count);
    clock.endOfTurn(count);
    connection.write(ONE);
    connection.end();
    connection.destroy();
    for (const promise of [
      ada.transport.dial({ host: 'bob', port: 7 }),
      ada.transport.listen({ port: 7, interfaces: 'all', onConnection: count }),
    ]) {
      void promise.then(count, count);
    }
    await world.run({ forMs: 1000 });
    expect([called, end.calls, ends[0]!.calls]).toEqual([0, [], []]);
  });

  test('of one program leaves the others of its host alone', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.program('server').transport);
    const { connection, end } = await dial(world, ada, 'bob');
    bob.program('other').crash();
    connection.write(ONE);
    await world.settle();
    expect(end.calls).toEqual(['chunk']);
  });

  test('before a restart frees the ports, and the new life knows nothing of the old connections', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    bob.crash({ sockets: 'vanish' });
    connection.write(ONE);
    await world.run({ forMs: 1000 });
    expect(end.calls).toEqual([]);
    const { transport } = bob.program();
    bob.restart();
    expect(bob.program().alive).toBe(true);
    expect(bob.transport).not.toBe(transport);
    await echo(bob.transport);
    await world.run({ forMs: 5000 });
    expect(end.calls).toEqual(['close']);
    const again = await dial(world, ada, 'bob');
    again.connection.write(ONE);
    await world.settle();
    expect(again.end.calls).toEqual(['chunk']);
  });

  test('that only an end meets afterwards is answered as well', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    await echo(bob.transport);
    const { connection, end } = await dial(world, ada, 'bob');
    bob.crash({ sockets: 'vanish' });
    connection.end();
    bob.restart();
    await world.run({ forMs: 5000 });
    expect(end.calls).toEqual(['close']);
  });
});

describe('openHandles()', () => {
  test('names every socket, dial and timer until it is closed, fires or is cancelled', async () => {
    const world = new World();
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const kinds = (host: SimHost): string[] => host.openHandles().map(({ kind }) => kind);
    const { transport } = ada;
    const handlers = new DatagramRecorder();
    const datagrams = await transport.openDatagrams({ port: 9, interfaces: 'all', handlers });
    await echo(bob.transport);
    const dialling = transport.dial({ host: 'bob', port: 7 });
    const timer = transport.clock.setTimer(1000, () => {});
    transport.clock.setTimer(0, () => {});
    expect(kinds(ada).toSorted()).toEqual(['datagrams', 'dial', 'timer', 'timer']);
    const connection = await world.runUntil(dialling);
    expect(kinds(ada).toSorted()).toEqual(['connection', 'datagrams', 'timer']);
    expect(kinds(bob).toSorted()).toEqual(['connection', 'listener']);
    expect(ada.openHandles().map(({ detail }) => detail)).toContain(
      'ada#1 10.1.0.1:49153 → 10.1.0.2:7',
    );
    timer.cancel();
    await datagrams.close();
    connection.attach(new ConnectionRecorder());
    connection.end();
    await world.settle();
    expect([kinds(ada), kinds(bob)]).toEqual([[], ['listener']]);
  });
});
