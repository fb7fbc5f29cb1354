import {
  byteMessage,
  jsonMessage,
  type CableCarError,
  type ErrorCode,
} from '@cablecar/core-protocol';
import { World, type NetworkOptions } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { linkPair, type LinkPair } from '../../../test/support/link-pair.ts';
import { GameLoopAdapter } from './game-loop-adapter.ts';
import { Messenger } from './messenger.ts';
import type { MessengerOptions } from './options.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {
  shout(): string {
    return this.text.toUpperCase();
  }
}
class Count extends byteMessage(0x20, { number: 'u32' }) {}
class Blob extends byteMessage(0x21, { bytes: 'bytes' }) {}
class Secret extends jsonMessage('Secret')<{ text: string }> {}

const messages = [Chat, Count, Blob] as const;
type Known = Chat | Count | Blob;

interface Talk extends LinkPair {
  readonly a: Messenger<Known>;
  readonly b: Messenger<Known>;
}

async function talk(
  options: MessengerOptions = {},
  network: NetworkOptions = {},
  seed = 1,
): Promise<Talk> {
  const pair = await linkPair(new World({ seed, network }));
  const a = new Messenger(pair.ada, { ...options, messages });
  const b = new Messenger(pair.bob, { ...options, messages });
  return { ...pair, a, b };
}

const numbers = (list: readonly Known[]): number[] =>
  list.map((message) => (message instanceof Count ? message.number : -1));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const code = (expected: ErrorCode): Error => expect.objectContaining({ code: expected });

describe('Messenger', () => {
  it("delivers instances of the message's class to 'message' listeners, in order", async () => {
    const { world, a, b } = await talk();
    const heard: Known[] = [];
    b.on('message', (message) => heard.push(message));
    a.send(new Chat({ text: 'hello' }));
    for (const number of upTo(100)) a.send(new Count({ number }));
    await world.runUntil(() => heard.length === 101);
    expect(heard[0]).toBeInstanceOf(Chat);
    expect((heard[0] as Chat).shout()).toBe('HELLO');
    expect(numbers(heard.slice(1))).toEqual(upTo(100));
  });

  it('gives diverted messages away as they arrive, past those that nobody reads, which keep their credit', async () => {
    const { world, a, b } = await talk({ inboxMessages: 16 });
    const diverted: number[] = [];
    b.divert(Count, ({ number }) => diverted.push(number));
    for (const number of upTo(10)) a.send(new Chat({ text: `${number}` }));
    // One by one: together they would be more than a peer may send at once.
    for (const number of upTo(100)) {
      a.send(new Count({ number }));
      await world.runUntil(() => diverted.length === number + 1);
    }
    expect(diverted).toEqual(upTo(100));
    const reader = b.openReader();
    expect(reader.takeBatch()?.map((message) => (message as Chat).text)).toEqual(
      upTo(10).map(String),
    );
  });

  it('keeps every message in order over a network that cuts chunks anywhere and delays them', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { world, a, b } = await talk({}, { chunkBytes: [1, 40], delayMs: [0, 30] }, seed);
      const heard: number[] = [];
      const back: number[] = [];
      b.on('message', (message) => {
        heard.push(...numbers([message]));
        b.send(message);
      });
      a.on('message', (message) => back.push(...numbers([message])));
      for (const number of upTo(500)) a.send(new Count({ number }));
      await world.runUntil(() => back.length === 500);
      expect(heard).toEqual(upTo(500));
      expect(back).toEqual(upTo(500));
    }
  });

  it('writes everything sent in one turn at once', async () => {
    const { world, a, b, writes } = await talk();
    await world.runUntil(() => a.stats.lastMs !== undefined && b.stats.lastMs !== undefined);
    await world.run({ forMs: 100 });
    const before = writes.ada;
    for (const number of upTo(200)) a.send(new Count({ number }));
    await world.run({ forMs: 0.01 });
    expect(writes.ada - before).toBe(1);
  });

  it('ends a for await loop when the peer closes, after the last message', async () => {
    const { world, a, b } = await talk();
    for (const number of upTo(10)) a.send(new Count({ number }));
    const closed = a.close({ reason: 'that is all' });
    const heard: Known[] = [];
    const reading = (async () => {
      for await (const message of b) heard.push(message);
    })();
    await world.runUntil(reading);
    await world.runUntil(closed);
    expect(numbers(heard)).toEqual(upTo(10));
    expect(b.closed).toBe(true);
  });

  it('throws in a for await loop when the connection is lost, after the last message', async () => {
    const { world, a, b } = await talk();
    for (const number of upTo(10)) a.send(new Count({ number }));
    await world.run({ forMs: 100 });
    world.cutConnections();
    const heard: Known[] = [];
    const reading = (async () => {
      for await (const message of b) heard.push(message);
    })();
    await expect(world.runUntil(reading)).rejects.toEqual(code('ERR_CONNECTION_LOST'));
    expect(numbers(heard)).toEqual(upTo(10));
  });

  it('gives batches of everything that is there, never empty', async () => {
    const { world, a, b } = await talk();
    for (const number of upTo(50)) a.send(new Count({ number }));
    await world.run({ forMs: 100 });
    const batches = b.batches();
    const { value } = await world.runUntil(batches.next());
    expect(numbers(value ?? [])).toEqual(upTo(50));
    const later = batches.next();
    a.send(new Count({ number: 50 }));
    expect(numbers((await world.runUntil(later)).value ?? [])).toEqual([50]);
  });

  it('lets one consumer read at a time', async () => {
    const { world, a, b } = await talk();
    const first = b.messages();
    const pending = first.next();
    await expect(b.messages().next()).rejects.toEqual(code('ERR_CONCURRENT_READ'));
    expect(() => new GameLoopAdapter(b).get()).toThrow(code('ERR_CONCURRENT_READ'));
    expect(() => b.on('message', () => {})).toThrow(code('ERR_CONCURRENT_READ'));
    a.send(new Count({ number: 7 }));
    expect((await world.runUntil(pending)).value).toEqual(new Count({ number: 7 }));
    await first.return?.();
    const listener = (): void => {};
    b.on('message', listener);
    await expect(b.messages().next()).rejects.toEqual(code('ERR_CONCURRENT_READ'));
    b.off('message', listener);
    expect(new GameLoopAdapter(b).get()).toBeNull();
  });

  it('gives the right to read at once to whoever asks first', async () => {
    const { b } = await talk();
    const first = b.messages();
    void first.next();
    expect(() => new GameLoopAdapter(b).get()).toThrow(code('ERR_CONCURRENT_READ'));
    await first.return?.();
    expect(new GameLoopAdapter(b).get()).toBeNull();
  });

  it('takes nothing more from a stream that was left', async () => {
    const { world, a, b } = await talk();
    const streams: AsyncIterableIterator<unknown>[] = [b.messages(), b.batches()];
    for (const read of streams) {
      const next = read.next();
      a.send(new Count({ number: 0 }));
      await world.runUntil(next);
      const pending = read.next();
      a.send(new Count({ number: 1 }));
      await read.return?.();
      await world.run({ forMs: 100 });
      expect([await pending, await read.next()]).toEqual([
        { done: true, value: undefined },
        { done: true, value: undefined },
      ]);
      expect(b.stats.messagesWaiting).toBe(1);
      for await (const message of b) if (message) break;
    }
  });

  it('loses nothing when the styles take turns', async () => {
    const { world, a, b } = await talk();
    for (const number of upTo(30)) a.send(new Count({ number }));
    const heard: number[] = [];
    await new Promise<void>((resolve) => {
      b.on('message', function take(message) {
        heard.push(...numbers([message]));
        if (heard.length < 10) return;
        b.off('message', take);
        resolve();
      });
      void world.run({ forMs: 100 });
    });
    for await (const message of b) {
      heard.push(...numbers([message]));
      if (heard.length === 20) break;
    }
    const line = new GameLoopAdapter(b);
    line.xfer();
    for (let message; (message = line.get()) !== null;) heard.push(...numbers([message]));
    expect(heard).toEqual(upTo(30));
  });

  it('gives what was queued to a listener that comes late, before anything newer', async () => {
    const { world, a, b } = await talk();
    for (const number of upTo(5)) a.send(new Count({ number }));
    await world.run({ forMs: 100 });
    const heard: Known[] = [];
    b.on('message', (message) => heard.push(message));
    for (const number of upTo(5)) a.send(new Count({ number: number + 5 }));
    await world.run({ forMs: 100 });
    expect(numbers(heard)).toEqual(upTo(10));
  });

  it('goes on when a listener throws, and warns of it (T24)', async () => {
    const { world, a, b } = await talk();
    const heard: number[] = [];
    const warnings: CableCarError[] = [];
    b.on('warning', (error) => warnings.push(error));
    b.on('message', () => {
      throw new Error('mine');
    });
    b.on('message', (message) => heard.push(...numbers([message])));
    for (const number of upTo(20)) a.send(new Count({ number }));
    await world.run({ forMs: 100 });
    expect(heard).toEqual(upTo(20));
    expect(warnings).toHaveLength(20);
    expect(warnings[0]).toMatchObject({ code: 'ERR_LISTENER', cause: { message: 'mine' } });
  });

  it('holds the sender when nobody reads, and goes on without loss when somebody does', async () => {
    const { world, a, b } = await talk({
      inboxMessages: 100,
      inboxBytes: 1_024,
      maxMessageBytes: 1_024,
      outboxBytes: 4_096,
    });
    let sent = 0;
    let drained = 0;
    const fill = (): void => {
      while (a.send(new Count({ number: sent++ })));
    };
    a.on('drain', () => drained++);
    fill();
    await world.run({ forMs: 5_000 });
    expect(drained).toBe(0);
    expect(b.stats.messagesWaiting).toBe(100);
    expect(a.stats.messagesPending).toBe(sent - 100);
    a.on('drain', () => sent < 5_000 && fill());
    const heard: number[] = [];
    b.on('message', (message) => heard.push(...numbers([message])));
    await world.runUntil(() => heard.length >= 5_000);
    await world.runUntil(a.flush());
    expect(heard).toEqual(upTo(sent));
    expect(a.stats.messagesPending).toBe(0);
  });

  it('tells of room as soon as the peer has what was sent, however small the outbox', async () => {
    const { world, a } = await talk({
      outboxBytes: 1_024,
      heartbeatIntervalMs: 60_000,
      silenceTimeoutMs: 120_000,
    });
    let drained = 0;
    a.on('drain', () => drained++);
    for (let times = 1; times <= 3; times++) {
      for (let isBelow = true; isBelow;) isBelow = a.send(new Count({ number: times }));
      await world.runUntil(() => drained === times, { withinMs: 20 });
      expect(a.stats.messagesPending).toBe(0);
    }
  });

  it('resolves flush() when the peer has received everything, also unread', async () => {
    const { world, a, b } = await talk();
    for (const number of upTo(10)) a.send(new Count({ number }));
    const flushed = a.flush();
    expect(b.stats.messagesReceived).toBe(0);
    await world.runUntil(flushed, { withinMs: 20 });
    expect(b.stats.messagesReceived).toBe(10);
    await a.flush();
  });

  it.each(['flush', 'close'] as const)(
    'asks for receipt behind what had to wait for credit, so that %s() waits no longer than the ways take',
    async (call) => {
      const { world, a, b } = await talk({ inboxMessages: 16 });
      b.on('message', () => {});
      await world.run({ forMs: 500 });
      for (const number of upTo(17)) a.send(new Count({ number })); // one more than may go at once
      await world.runUntil(a[call](), { withinMs: 20 });
      expect(b.stats.messagesReceived).toBe(17);
    },
  );

  it('rejects flush() at its timeout, on abort, and when the connection is lost', async () => {
    const { world, ada, a } = await talk();
    await world.run({ forMs: 50 });
    world.partition([world.hosts[0] as never], [world.hosts[1] as never]);
    a.send(new Count({ number: 1 }));
    await expect(world.runUntil(a.flush({ timeoutMs: 100 }))).rejects.toEqual(code('ERR_TIMEOUT'));
    const abort = new AbortController();
    const flushing = a.flush({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(flushing).rejects.toThrow('enough');
    const lost = a.flush();
    ada.destroy();
    await expect(world.runUntil(lost)).rejects.toEqual(code('ERR_CLOSED'));
    await expect(a.flush({ timeoutMs: 0 })).rejects.toBeDefined();
  });

  it('delivers what was sent before close(), then tells both ends why', async () => {
    const { world, a, b } = await talk({}, { delayMs: [5, 20], chunkBytes: [1, 30] });
    const ends: unknown[] = [];
    const heard: number[] = [];
    a.on('close', ({ code, undelivered }) => ends.push(['a', code, undelivered]));
    b.on('close', ({ code, reason }) => ends.push(['b', code, reason]));
    b.on('message', (message) => heard.push(...numbers([message])));
    for (const number of upTo(300)) a.send(new Count({ number }));
    const closing = a.close({ reason: 'bye' });
    expect(a.close()).toBe(closing);
    expect(() => a.send(new Count({ number: 1 }))).toThrow(code('ERR_CLOSED'));
    await world.runUntil(closing);
    await world.run({ forMs: 3_000 });
    expect(heard).toEqual(upTo(300));
    expect(ends.sort((one, other) => String(one).localeCompare(String(other)))).toEqual([
      ['a', 'closed', 0],
      ['b', 'goodbye', 'bye'],
    ]);
    expect(world.openHandles().filter(({ kind }) => kind !== 'listener')).toEqual([]);
  });

  it('confirms what arrived before it says goodbye, so that a flush() at the other end resolves', async () => {
    const { world, a, b } = await talk();
    const heard: Known[] = [];
    b.on('message', (message) => {
      heard.push(message);
      if (heard.length === 10) void b.close();
    });
    await world.run({ forMs: 50 });
    for (const number of upTo(10)) a.send(new Count({ number }));
    await world.runUntil(a.flush());
    expect(numbers(heard)).toEqual(upTo(10));
  });

  it('counts what could not be delivered when close() runs out of time', async () => {
    const { world, a } = await talk();
    await world.run({ forMs: 50 });
    world.partition([world.hosts[0] as never], [world.hosts[1] as never]);
    let undelivered = 0;
    a.on('close', (close) => (undelivered = close.undelivered));
    for (const number of upTo(7)) a.send(new Count({ number }));
    await world.runUntil(a.close({ flushTimeoutMs: 500 }), { withinMs: 2_000 });
    expect(undelivered).toBe(7);
  });

  it('takes a silent peer for lost after the silence timeout, and a stalled one not before', async () => {
    const { world, a, b } = await talk();
    const ends: unknown[] = [];
    for (const messenger of [a, b]) {
      messenger.on('close', ({ code, error }) => ends.push([code, error?.code]));
    }
    const [adaHost, bobHost] = world.hosts;
    bobHost?.stall(5_000);
    await world.run({ forMs: 20_000 });
    expect(ends).toEqual([]);
    world.partition([adaHost as never], [bobHost as never]);
    await world.run({ forMs: 7_100 });
    expect(ends).toEqual([
      ['lost', 'ERR_PEER_SILENT'],
      ['lost', 'ERR_PEER_SILENT'],
    ]);
  });

  it('measures round trips', async () => {
    const { world, a } = await talk({}, { delayMs: [10, 10] });
    await world.run({ forMs: 3_000 });
    expect(a.stats.minimumMs).toBeGreaterThanOrEqual(20);
    expect(a.stats.smoothedMs).toBeLessThan(30);
  });

  it('gives the distribution of round trips from when it is first asked for', async () => {
    const { world, a } = await talk({ heartbeatIntervalMs: 1_000 }, { delayMs: [10, 10] });
    await world.run({ forMs: 5_000 });
    expect(a.roundTripsUs.count).toBe(0);
    await world.run({ forMs: 10_000 });
    const { count, min, max } = a.roundTripsUs;
    expect(count).toBe(10);
    expect(min).toBeGreaterThanOrEqual(20_000);
    expect(max).toBeLessThan(30_000);
  });

  it('gives the rates of what passes, and nought when nothing does', async () => {
    const { world, a, b } = await talk();
    b.on('message', () => {});
    for (let second = 0; second < 3; second++) {
      for (const number of upTo(50)) a.send(new Count({ number }));
      await world.run({ forMs: 1_000 });
      void a.stats;
      void b.stats;
    }
    for (const number of upTo(50)) a.send(new Count({ number }));
    await world.run({ forMs: 1_000 });
    expect(a.stats.messagesSentPerSecond).toBeCloseTo(50, 0);
    const { messagesReceivedPerSecond, bytesReceivedPerSecond, bytesReceived } = b.stats;
    expect(messagesReceivedPerSecond).toBeCloseTo(50, 0);
    expect(bytesReceivedPerSecond).toBeCloseTo(bytesReceived / 4, -1);
    await world.run({ forMs: 1_500 });
    expect(b.stats.messagesReceivedPerSecond).toBe(0);
  });

  it('names types that only one side knows, skips their messages, and keeps the rest', async () => {
    const { world, ada, bob } = await linkPair(new World());
    const a = new Messenger(ada, { messages: [Chat, Secret] });
    const b = new Messenger(bob, { messages: [Chat] });
    const warnings: string[] = [];
    b.on('warning', ({ message }) => warnings.push(message));
    const heard: string[] = [];
    b.on('message', ({ text }) => heard.push(text));
    a.send(new Secret({ text: 'hidden' }));
    a.send(new Chat({ text: 'seen' }));
    await world.run({ forMs: 100 });
    expect(heard).toEqual(['seen']);
    expect(b.stats.messagesSkipped).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('Secret')]);
  });

  it('refuses at send() what cannot travel, and sends the rest', async () => {
    const { world, a, b } = await talk({ maxMessageBytes: 1_024 });
    const heard: Known[] = [];
    b.on('message', (message) => heard.push(message));
    await world.run({ forMs: 10 });
    a.send(new Count({ number: 0 }));
    expect(() => a.send(new Secret({ text: '' }) as never)).toThrow(
      code('ERR_MESSAGE_UNREGISTERED'),
    );
    expect(() => a.send(new Blob({ bytes: new Uint8Array(1_024) }))).toThrow(
      code('ERR_MESSAGE_TOO_LARGE'),
    );
    expect(() => a.send(new Count({ number: -1 }))).toThrow(code('ERR_MESSAGE_ENCODE'));
    a.send(new Count({ number: 1 }));
    await world.run({ forMs: 100 });
    expect(numbers(heard)).toEqual([0, 1]);
  });

  it('refuses bad options by naming field, value and range', async () => {
    const { ada } = await linkPair(new World());
    expect(() => new Messenger(ada, { maxMessageBytes: 12 })).toThrow(
      /maxMessageBytes is 12, expected .*1024/,
    );
    expect(() => new Messenger(ada, { wire: 'morse' as never })).toThrow(
      /wire is morse, expected native/,
    );
    expect(() => new Messenger(ada, { silenceTimeoutMs: 1_000 })).toThrow(
      /silenceTimeoutMs is 1000, expected at least twice/,
    );
  });

  it('closes a peer that sends what is no frame, with a code, and tells it why', async () => {
    const { world, ada, bob } = await linkPair(new World());
    const b = new Messenger(bob, { messages });
    let end: unknown;
    b.on('close', ({ code, error }) => (end = [code, error?.code]));
    const words: Buffer[] = [];
    ada.attach({
      onChunk: (bytes) => words.push(Buffer.from(bytes)),
      onDrain() {},
      onEnd() {},
      onClose() {},
    });
    ada.write([Buffer.from(`GET / HTTP/1.1\r\nUser-Agent: ${'x'.repeat(100)}\r\n\r\n`)]);
    await world.run({ forMs: 2_000 });
    expect(end).toEqual(['fault', 'ERR_FRAME']);
    expect(Buffer.concat(words).toString('latin1')).toContain('[ERR_FRAME]');
  });
});

describe('GameLoopAdapter', () => {
  it('gives nothing that came after the last xfer()', async () => {
    const { world, a, b } = await talk();
    const line = new GameLoopAdapter(b);
    for (const number of upTo(3)) a.send(new Count({ number }));
    await world.run({ forMs: 100 });
    expect(line.get()).toBeNull();
    line.xfer();
    expect(line.get()).toEqual(new Count({ number: 0 }));
    a.send(new Count({ number: 3 }));
    await world.run({ forMs: 100 });
    expect(numbers([line.get() as Known, line.get() as Known])).toEqual([1, 2]);
    expect(line.get()).toBeNull();
    line.xfer();
    expect(line.get()).toEqual(new Count({ number: 3 }));
  });

  it('bounds a frame by messages and by bytes', async () => {
    const { world, a, b } = await talk();
    const line = new GameLoopAdapter(b);
    for (const number of upTo(10)) a.send(new Count({ number }));
    await world.run({ forMs: 100 });
    const drain = (): number[] => {
      const taken: Known[] = [];
      for (let message; (message = line.get()) !== null;) taken.push(message);
      return numbers(taken);
    };
    line.xfer({ maxMessages: 2 });
    expect(drain()).toEqual([0, 1]);
    line.xfer({ maxBytes: 13 });
    expect(drain()).toEqual([2, 3]);
    line.xfer({ maxBytes: 1 });
    expect(drain()).toEqual([4]);
    line.xfer({ maxMessages: 0 });
    expect(drain()).toEqual([]);
    line.xfer();
    expect(drain()).toEqual([5, 6, 7, 8, 9]);
    expect(() => line.xfer({ maxMessages: -1 })).toThrow(code('ERR_OPTION'));
  });

  it('writes what was sent in a frame in one write, at xfer()', async () => {
    const { world, a, b, writes } = await talk();
    const line = new GameLoopAdapter(a);
    line.xfer();
    await world.run({ forMs: 200 });
    const before = writes.ada;
    for (const number of upTo(50)) line.send(new Count({ number }));
    line.xfer();
    expect(writes.ada - before).toBe(1);
    await world.run({ forMs: 1 });
    expect(writes.ada - before).toBe(1);
    expect(b.stats.messagesReceived).toBe(50);
  });

  it('answers false once the messenger has ended and everything was given out', async () => {
    const { world, a, b } = await talk();
    const line = new GameLoopAdapter(b);
    expect(line.xfer()).toBe(true);
    a.send(new Count({ number: 1 }));
    await world.runUntil(a.close());
    await world.run({ forMs: 100 });
    expect(line.closed).toBe(true);
    expect(line.xfer()).toBe(true);
    expect(line.get()).toEqual(new Count({ number: 1 }));
    expect(line.xfer()).toBe(false);
    expect(line.get()).toBeNull();
  });

  it('shuts down in order, and closes at once', async () => {
    const { world, a, b } = await talk();
    const ends: string[] = [];
    b.on('close', ({ code }) => ends.push(code));
    const line = new GameLoopAdapter(a);
    line.send(new Count({ number: 1 }));
    await world.runUntil(line.shutdown());
    await world.run({ forMs: 50 });
    expect(ends).toEqual(['goodbye']);
    expect(b.stats.messagesReceived).toBe(1);
    const second = await talk();
    await second.world.run({ forMs: 50 });
    new GameLoopAdapter(second.a).close();
    expect(second.a.closed).toBe(true);
    await second.world.run({ forMs: 50 });
    expect(second.b.closed).toBe(true);
  });
});
