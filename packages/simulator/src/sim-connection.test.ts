import type { Connection } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ConnectionRecorder } from '../../../test/compliance/recorders.ts';
import type { NetworkOptions, WorldOptions } from './options.ts';
import { Prng } from './prng.ts';
import type { SimHost } from './sim-host.ts';
import { World } from './world.ts';

interface Line {
  readonly world: World;
  readonly ada: SimHost;
  readonly bob: SimHost;
  readonly near: Connection;
  readonly nearEnd: ConnectionRecorder;
  readonly far: Connection;
  readonly farEnd: ConnectionRecorder;
}

/** A connection from ada to bob, with a recorder at each end. */
async function connect(options: WorldOptions = {}): Promise<Line> {
  const world = new World(options);
  const [ada, bob] = [world.host('ada'), world.host('bob')];
  const accepted: Connection[] = [];
  const onConnection = (connection: Connection): void => void accepted.push(connection);
  await bob.transport.listen({ port: 7, interfaces: 'all', onConnection });
  const near = await world.runUntil(ada.transport.dial({ host: 'bob', port: 7 }));
  const far = accepted[0]!;
  const [nearEnd, farEnd] = [new ConnectionRecorder(), new ConnectionRecorder()];
  near.attach(nearEnd);
  far.attach(farEnd);
  return { world, ada, bob, near, nearEnd, far, farEnd };
}

/** Sizes of all magnitudes, in pieces of all magnitudes. */
function write(connection: Connection, prng: Prng, total: number): Uint8Array {
  const whole = prng.bytes(total);
  for (let at = 0; at < total;) {
    const size = prng.magnitude([1, 20_000]);
    connection.write([whole.subarray(at, at + size)]);
    at += size;
  }
  return whole;
}

const NETWORKS: readonly NetworkOptions[] = [
  {},
  { delayMs: 0 },
  { delayMs: [0, 50] },
  { delayMs: [0, 50], chunkBytes: [1, 2000] },
  { chunkBytes: 1000, windowBytes: 999 },
  { chunkBytes: [1, 65_536], windowBytes: 3000, bytesPerMs: 125 },
];

describe('a stream', () => {
  test.each(NETWORKS)('keeps order and loses nothing on %j', async (network) => {
    for (let seed = 1; seed <= 5; seed++) {
      const prng = new Prng(seed, 'what is written');
      const { world, near, far, nearEnd, farEnd } = await connect({ seed, network });
      const [there, back] = [write(near, prng, 60_000), write(far, prng, 30_000)];
      await world.settle({ withinMs: 1_000_000 });
      expect(Buffer.compare(farEnd.bytes, there), `seed ${seed}`).toBe(0);
      expect(Buffer.compare(nearEnd.bytes, back), `seed ${seed}`).toBe(0);
    }
  });

  test('is cut into chunks of the sizes given, of every order of magnitude', async () => {
    const { world, near, farEnd } = await connect({ network: { chunkBytes: [1, 1000] } });
    near.write([new Uint8Array(200_000)]);
    await world.settle();
    const sizes = farEnd.chunks.map(({ length }) => length);
    expect(sizes.filter((size) => size < 10).length).toBeGreaterThan(100);
    expect(sizes.filter((size) => size > 500).length).toBeGreaterThan(20);
  });

  test('joins what arrives together, and cuts across what was written together', async () => {
    const { world, near, farEnd } = await connect({ network: { delayMs: [0, 30] } });
    for (let i = 0; i < 100; i++) near.write([Uint8Array.of(i)]);
    await world.settle();
    expect(farEnd.chunks.length).toBeLessThan(50);
    expect([...farEnd.bytes]).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  test('lets what is late hold up what follows, and nothing that came before', async () => {
    const network = { delayMs: 5, lateChance: 0.05, lateByMs: 500 };
    const { world, near, farEnd } = await connect({ seed: 2, network });
    const tookMs: number[] = [];
    for (let number = 0; number < 100; number++) {
      const sentAt = world.now;
      world.after(number * 10, () => near.write([Uint8Array.of(number)]));
      void farEnd
        .until(() => farEnd.byteLength > number)
        .then(() => {
          tookMs.push(world.now - sentAt - number * 10);
        });
    }
    await world.run({ forMs: 2_000 });
    expect([...farEnd.bytes]).toEqual([...Array.from({ length: 100 }).keys()]);
    const first = tookMs.findIndex((ms) => ms >= 500);
    expect(tookMs.slice(0, first)).toEqual(Array.from({ length: first }, () => 5));
    expect(tookMs.slice(first, first + 10)).toEqual(
      Array.from({ length: 10 }, (_, after) => 505 - after * 10),
    );
  });

  test('is as fast as its bandwidth', async () => {
    const { world, near, farEnd } = await connect({ network: { delayMs: 5, bytesPerMs: 10 } });
    const start = world.now;
    near.write([new Uint8Array(1000)]);
    await world.runUntil(() => farEnd.byteLength === 1000);
    expect(world.now - start).toBe(105);
  });

  test('gives the reader bytes of its own, and reads the writer’s only when it takes them', async () => {
    const { world, near, far, farEnd } = await connect({ network: { windowBytes: 4 } });
    far.pause();
    const piece = Uint8Array.of(1, 2, 3, 4, 5, 6);
    near.write([piece]);
    piece.fill(9); // too early for what waits behind the window, and too late for the rest
    far.resume();
    await world.settle();
    expect([...farEnd.bytes]).toEqual([1, 2, 3, 4, 9, 9]);
  });
});

describe('backpressure', () => {
  test('holds the writer once the window is full, and lets it go on when the reader reads', async () => {
    const { world, near, nearEnd, far, farEnd } = await connect({ network: { windowBytes: 1000 } });
    far.pause();
    expect(near.write([new Uint8Array(1000)])).toBe(true);
    expect(near.write([new Uint8Array(500)])).toBe(false);
    expect(near.bufferedBytes).toBe(500);
    await world.run({ forMs: 10_000 });
    expect(farEnd.byteLength).toBe(0);
    expect(nearEnd.calls).toEqual([]);
    expect(world.connections[0]!.waitingBytes).toEqual([1500, 0]);
    far.resume();
    await world.settle();
    expect(nearEnd.calls).toEqual(['drain']);
    expect(farEnd.byteLength).toBe(1500);
    expect(world.connections[0]!.waitingBytes).toEqual([0, 0]);
  });

  test('is not lifted while nothing gets back from the reader to the writer', async () => {
    const { world, ada, bob, near, nearEnd, farEnd } = await connect({
      network: { windowBytes: 100 },
    });
    world.partition([bob], [ada], { direction: 'forth' });
    near.write([new Uint8Array(300)]);
    await world.run({ forMs: 5000 });
    expect([farEnd.byteLength, nearEnd.count('drain')]).toEqual([100, 0]);
    world.heal();
    await world.settle();
    expect([farEnd.byteLength, nearEnd.count('drain')]).toEqual([300, 1]);
  });

  test('a reader that pauses within a chunk is given no other', async () => {
    const { world, near, far } = await connect({ network: { chunkBytes: 10 } });
    const recorder = new ConnectionRecorder();
    far.attach({
      onChunk: (bytes) => {
        recorder.onChunk(bytes);
        far.pause();
      },
      onDrain: () => {},
      onEnd: () => recorder.onEnd(),
      onClose: () => recorder.onClose(),
    });
    near.write([new Uint8Array(100)]);
    near.end();
    await world.run({ forMs: 1000 });
    expect(recorder.calls).toEqual(['chunk']);
    far.resume();
    await world.run({ forMs: 1000 });
    expect(recorder.calls).toEqual(['chunk', 'chunk']);
  });
});

describe('the end of a connection', () => {
  test('is told after everything that was written, however late', async () => {
    const { world, near, farEnd } = await connect({ network: { chunkBytes: 10, windowBytes: 50 } });
    near.write([new Uint8Array(1000)]);
    near.end();
    expect(farEnd.calls).toEqual([]);
    await world.settle();
    expect(farEnd.byteLength).toBe(1000);
    expect(farEnd.calls.at(-1)).toBe('end');
    expect(farEnd.count('close')).toBe(0);
  });

  test('destroy() loses what the system has not taken, and delivers what it has', async () => {
    const { world, near, farEnd } = await connect({ network: { windowBytes: 100 } });
    near.write([new Uint8Array(1000)]);
    near.destroy();
    await world.settle();
    expect(farEnd.byteLength).toBe(100);
    expect(farEnd.calls).toEqual(['chunk', 'end']);
  });

  test('destroy() with bytes unread resets the other end', async () => {
    const { world, near, far, farEnd } = await connect();
    near.pause();
    far.write([Uint8Array.of(1)]);
    await world.settle();
    near.destroy();
    await world.settle();
    expect(farEnd.calls).toEqual(['close']);
    expect(farEnd.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  });

  test('destroy() of a connection that is kept so resets the other end, unless it has ended', async () => {
    for (const ended of [false, true]) {
      const world = new World();
      const [ada, bob] = [world.host('ada'), world.host('bob')];
      const end = new ConnectionRecorder();
      const onConnection = (connection: Connection): void => connection.attach(end);
      await bob.transport.listen({ port: 7, interfaces: 'all', onConnection });
      const there = { host: 'bob', port: 7 };
      const near = await world.runUntil(ada.transport.dial(there, { destroyAs: 'reset' }));
      if (ended) near.end();
      near.destroy();
      await world.settle();
      expect(end.calls).toEqual([ended ? 'end' : 'close']);
    }
  });

  test('who writes to an end that was destroyed is reset', async () => {
    const { world, near, far, farEnd } = await connect();
    near.destroy();
    await world.settle();
    expect(farEnd.calls).toEqual(['end']);
    far.write([Uint8Array.of(1)]);
    await world.settle();
    expect(farEnd.calls).toEqual(['end', 'close']);
    expect(farEnd.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  });

  test('is told to each listener once, and leaves nothing open', async () => {
    const { world, near, far, nearEnd, farEnd } = await connect();
    near.end();
    far.end();
    await world.settle();
    expect([nearEnd.calls, farEnd.calls]).toEqual([
      ['end', 'close'],
      ['end', 'close'],
    ]);
    near.attach(nearEnd);
    const late = new ConnectionRecorder();
    far.attach(late);
    await world.settle();
    expect([nearEnd.count('close'), late.calls]).toEqual([1, ['close']]);
    expect(world.connections).toEqual([]);
    expect(world.openHandles().map(({ kind }) => kind)).toEqual(['listener']);
  });
});

describe('a cut', () => {
  test('is told to both ends, each at its own moment', async () => {
    const { world, nearEnd, farEnd } = await connect({ network: { delayMs: [0, 100] } });
    world.cutConnections('both');
    const moments: number[] = [];
    for (const end of [nearEnd, farEnd]) {
      void end.until(() => end.count('close') === 1).then(() => moments.push(world.now));
    }
    await world.settle();
    expect(new Set(moments).size).toBe(2);
    expect([nearEnd.error?.code, farEnd.error?.code]).toEqual([
      'ERR_CONNECTION_LOST',
      'ERR_CONNECTION_LOST',
    ]);
    expect(world.connections).toEqual([]);
  });

  test.each(['dialler', 'acceptor'] as const)(
    'that only the %s is told of leaves the other end half-open, hearing nothing',
    async (told) => {
      const { world, near, far, nearEnd, farEnd } = await connect();
      world.cutConnections(told);
      await world.settle();
      const [ended, hanging] = told === 'dialler' ? [nearEnd, farEnd] : [farEnd, nearEnd];
      (told === 'dialler' ? far : near).write([Uint8Array.of(1)]);
      await world.run({ forMs: 60_000 });
      expect([ended.calls, hanging.calls]).toEqual([['close'], []]);
    },
  );

  test('that nobody is told of ends when the system gives up what it has sent', async () => {
    const { world, near, nearEnd, farEnd } = await connect();
    world.cutConnections('nobody');
    near.write([Uint8Array.of(1)]);
    await world.run({ forMs: 924_000 });
    expect([nearEnd.calls, farEnd.calls]).toEqual([[], []]);
    await world.run({ forMs: 1000 });
    expect([nearEnd.calls, farEnd.calls]).toEqual([['close'], []]);
    expect(nearEnd.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  });

  test('may or may not let a reader who pauses read what had arrived', async () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const { world, near, far, farEnd } = await connect({ seed });
      far.pause();
      near.write([Uint8Array.of(1)]);
      await world.settle();
      world.cutConnections('acceptor');
      await world.settle();
      far.resume();
      await world.settle();
      expect(farEnd.count('close')).toBe(1);
      outcomes.add(farEnd.calls.join(' '));
    }
    expect([...outcomes].toSorted()).toEqual(['chunk close', 'close']);
  });
});
