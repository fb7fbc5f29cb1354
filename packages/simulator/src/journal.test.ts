import type { Connection } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { DatagramRecorder } from '../../../test/compliance/recorders.ts';
import type { WorldEvent } from './journal.ts';
import type { SimHost } from './sim-host.ts';
import { World } from './world.ts';

const PORT = 9;

/** Beacons every 100 ms, and a connection to whoever is heard from, over which both ends talk from time to time. */
async function gossip({ transport }: SimHost): Promise<void> {
  const { clock, random } = transport;
  const met = new Set<string>();
  const talk = (connection: Connection): void => {
    const say = (): void => {
      connection.write([random.bytes(1 + Math.floor(random.float() * 500))]);
      timer = clock.setTimer(random.float() * 200, say);
    };
    let timer = clock.setTimer(0, say);
    connection.attach({
      onChunk: () => {},
      onDrain: () => {},
      onEnd: () => connection.end(),
      onClose: () => {
        timer.cancel();
        met.delete(connection.remote.host);
      },
    });
  };
  const { port } = await transport.listen({ port: 0, interfaces: 'all', onConnection: talk });
  const handlers = new DatagramRecorder();
  handlers.onDatagram = (beacon, { host }) => {
    if (met.has(host)) return;
    met.add(host);
    const there = { host, port: (beacon[0]! << 8) | beacon[1]! };
    void transport.dial(there, { timeoutMs: 500 }).then(talk, () => met.delete(host));
  };
  const datagrams = await transport.openDatagrams({ port: PORT, interfaces: ['eth0'], handlers });
  const announce = (): void => {
    datagrams.broadcast(Uint8Array.of(port >> 8, port & 255), 'everywhere');
    clock.setTimer(90 + random.float() * 20, announce);
  };
  announce();
}

/** Four hosts on a bad network, to which everything happens that can. */
async function turmoil(seed: number): Promise<World> {
  const world = new World({
    seed,
    network: {
      delayMs: [1, 40],
      datagramLoss: 0.3,
      datagramDuplication: 0.1,
      chunkBytes: [1, 100],
      windowBytes: 2000,
    },
  });
  const hosts = ['ada', 'bob', 'eve', 'joe'].map((name) => world.host(name));
  const [ada, bob, eve, joe] = hosts as [SimHost, SimHost, SimHost, SimHost];
  for (const host of hosts) await gossip(host);
  world.anyTime(() => world.cutConnections('acceptor'));
  await world.run({ forMs: 500 });
  world.partition([ada, bob], [eve, joe]);
  bob.stall(300);
  await world.run({ forMs: 700 });
  world.heal();
  eve.readdress();
  joe.sleep(200);
  ada.crash({ sockets: world.choose(2) === 0 ? 'reset' : 'vanish' });
  await world.run({ forMs: 500 });
  ada.restart();
  await gossip(ada);
  await world.run({ forMs: 500 });
  return world;
}

describe('the transcript', () => {
  test('is the same, line for line, whenever a seed is run', async () => {
    const hashes = new Set<string>();
    for (let seed = 1; seed <= 4; seed++) {
      const [first, second] = [await turmoil(seed), await turmoil(seed)];
      expect(second.transcript, `seed ${seed}`).toEqual(first.transcript);
      expect(second.transcriptHash).toBe(first.transcriptHash);
      expect(first.transcript.length).toBeGreaterThan(400);
      hashes.add(first.transcriptHash);
    }
    expect(hashes.size).toBe(4);
  });

  test('does not depend on what runs beside it', async () => {
    const alone = await turmoil(3);
    const [one, other] = await Promise.all([turmoil(3), turmoil(4)]);
    expect(one.transcriptHash).toBe(alone.transcriptHash);
    expect(other.transcriptHash).not.toBe(alone.transcriptHash);
  });

  test('tells when, where and what', async () => {
    const world = new World({ network: { delayMs: 2 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const onConnection = (connection: Connection): void =>
      void connection.write([Uint8Array.of(1)]);
    await bob.program('server').transport.listen({ port: 7, interfaces: 'all', onConnection });
    const connection = await world.runUntil(ada.transport.dial({ host: 'bob', port: 7 }));
    connection.attach({ onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} });
    await world.settle();
    world.partition([ada], [bob]);
    expect(world.transcript).toEqual([
      '      0.000 bob/server open TCP port 7',
      '      0.000 ada        dial ada#1 → bob:7',
      '      2.000 bob/server accepted ada#1 10.1.0.1:49153 → 10.1.0.2:7',
      '      2.000 bob/server written ada#1 1 B are not read yet',
      '      4.000 ada        connected ada#1 10.1.0.1:49153 → 10.1.0.2:7',
      '      4.000 ada        chunk ada#1 1 B #040c5b8c',
      '      4.000 world      network partition ada | bob',
    ]);
  });
});

describe('an observer', () => {
  test('is called for every event as it happens, until it is removed', async () => {
    const world = new World({ transcript: false });
    const seen: WorldEvent[] = [];
    const remove = world.observe((event) => seen.push(event));
    world.host('ada').stall(10);
    expect(seen).toEqual([
      { at: 0, kind: 'network', where: 'world', detail: 'ada stalls for 10 ms' },
    ]);
    remove();
    world.host('bob').stall(10);
    expect(seen).toHaveLength(1);
  });

  test('ends the run by throwing, and the program under observation never notices', async () => {
    const world = new World();
    const ada = world.host('ada');
    let rejected = false;
    world.observe(({ kind }) => {
      if (kind === 'dial') throw new Error('one dial too many');
    });
    ada.transport.dial({ host: 'ada', port: 1 }).catch(() => (rejected = true));
    await expect(world.run({ forMs: 0 })).rejects.toThrow('one dial too many');
    expect(rejected).toBe(false);
    await world.run({ forMs: 10 });
    expect(rejected).toBe(true);
  });

  test('can hold every queue and every program to a limit', async () => {
    const world = new World({ network: { windowBytes: 1000 } });
    world.observe(() => {
      for (const { id, waitingBytes } of world.connections) {
        if (Math.max(...waitingBytes) > 5000) throw new Error(`${id} holds ${waitingBytes[0]} B`);
      }
      if (world.openHandles().length > 50) throw new Error('handles leak');
    });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const accepted: Connection[] = [];
    const onConnection = (connection: Connection): void => void accepted.push(connection);
    await bob.transport.listen({ port: 7, interfaces: 'all', onConnection });
    const connection = await world.runUntil(ada.transport.dial({ host: 'bob', port: 7 }));
    connection.write([new Uint8Array(6000)]);
    accepted[0]!.attach({ onChunk() {}, onDrain() {}, onEnd() {}, onClose() {} });
    await expect(world.settle()).rejects.toThrow('ada#1 holds 6000 B');
  });
});
