import { Socket } from 'node:net';
import {
  byteMessage,
  CableCarError,
  DirectClient,
  DirectServer,
  GameLoopAdapter,
  gameLoop,
  jsonMessage,
  Messenger,
  type Link,
} from 'cablecar';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freeTcpPort } from '../support/free-tcp-port.ts';

class Position extends byteMessage(0x10, { frame: 'u32', x: 'f32', name: 'string' }) {}
class Chat extends jsonMessage('Chat')<{ text: string }> {}

const messages = [Position, Chat] as const;
type Known = Position | Chat;

interface Pair {
  readonly ada: Messenger<Known>;
  readonly bob: Messenger<Known>;
  /** Ada's end of the connection. */
  readonly link: Link;
}

const open: Messenger<Known>[] = [];

/** Two messengers over a real connection on the loopback, which is silent unless they are used. */
async function pair(): Promise<Pair> {
  const port = await freeTcpPort();
  const [accepted, link] = await Promise.all([
    new DirectServer({ port, interfaces: 'loopback' }).connect({ timeoutMs: 20_000 }),
    new DirectClient({ host: '127.0.0.1', port }).connect({ timeoutMs: 20_000 }),
  ]);
  const quiet = { messages, heartbeatIntervalMs: 60_000, silenceTimeoutMs: 120_000 };
  const [ada, bob] = [new Messenger(link, quiet), new Messenger(accepted, quiet)];
  open.push(ada, bob);
  ada.send(new Chat({ text: 'first' }));
  bob.send(new Chat({ text: 'first' }));
  await Promise.all([ada.flush(), bob.flush()]);
  for (const messenger of [ada, bob]) for await (const first of messenger) if (first) break;
  return { ada, bob, link };
}

/** Counts what a socket is asked to write: each is one call of the system. */
function countWrites(link: Link): () => number {
  let count = 0;
  const prototype = Socket.prototype as unknown as Record<string, (...values: unknown[]) => void>;
  for (const method of ['_write', '_writev']) {
    const write = prototype[method] as (...values: unknown[]) => void;
    vi.spyOn(prototype, method).mockImplementation(function (this: Socket, ...values) {
      if (this.localPort === link.local.port) count++;
      write.apply(this, values);
    });
  }
  return () => count;
}

const position = (frame: number): Position => new Position({ frame, x: frame / 2, name: 'ada' });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

/** What `get()` gives until there is no more. */
function getAll(line: GameLoopAdapter<Known>): number[] {
  const frames: number[] = [];
  for (let message; (message = line.get()) !== null;) {
    if (message instanceof Position) frames.push(message.frame);
  }
  return frames;
}

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.splice(0).map((messenger) => messenger.close()));
});

describe('A frame on a real connection', () => {
  it.each([1, 50, 10_000])('of %i messages leaves in one write, at xfer()', async (count) => {
    const { ada, bob, link } = await pair();
    const line = new GameLoopAdapter(ada);
    const writes = countWrites(link);
    for (const number of upTo(count)) line.send(position(number));
    expect(writes()).toBe(0);
    line.xfer();
    expect(writes()).toBe(1);
    await new Promise(setImmediate);
    expect(writes()).toBe(1);
    const other = new GameLoopAdapter(bob);
    const received: number[] = [];
    while (received.length < count) {
      await new Promise(setImmediate);
      other.xfer();
      received.push(...getAll(other));
    }
    expect(received).toEqual(upTo(count));
  });

  it('needs no xfer() to leave: what is sent in one turn leaves in one write at its end', async () => {
    const { ada, link } = await pair();
    const writes = countWrites(link);
    for (const number of upTo(50)) ada.send(position(number));
    await Promise.resolve(); // a continuation is of the same turn
    ada.send(new Chat({ text: 'and one more' }));
    expect(writes()).toBe(0);
    await new Promise(setImmediate);
    expect(writes()).toBe(1);
  });

  it('writes nothing where nothing was sent', async () => {
    const { ada, link } = await pair();
    const line = new GameLoopAdapter(ada);
    const writes = countWrites(link);
    for (let frame = 0; frame < 10; frame++) {
      line.xfer();
      await new Promise(setImmediate);
    }
    expect(writes()).toBe(0);
  });
});

describe('get() on a real connection', () => {
  it('gives what had arrived by the last xfer(), and never what came after it', async () => {
    const { ada, bob } = await pair();
    const line = new GameLoopAdapter(bob);
    for (const number of upTo(3)) ada.send(position(number));
    await ada.flush();
    expect(line.get()).toBeNull();
    expect(line.xfer()).toBe(true);
    ada.send(position(3));
    await ada.flush();
    expect(bob.stats.messagesWaiting).toBe(4);
    expect(getAll(line)).toEqual([0, 1, 2]);
    expect(line.get()).toBeNull();
    line.xfer();
    expect(getAll(line)).toEqual([3]);
  });

  it('keeps what a frame did not ask for, and adds nothing of it to the next', async () => {
    const { ada, bob } = await pair();
    const line = new GameLoopAdapter(bob);
    for (const number of upTo(4)) ada.send(position(number));
    await ada.flush();
    line.xfer();
    expect((line.get() as Position).frame).toBe(0);
    line.xfer({ maxMessages: 1 });
    expect(getAll(line)).toEqual([1]);
    line.xfer();
    expect(getAll(line)).toEqual([2, 3]);
  });

  it('bounds a frame by messages and by bytes, but lets the first through', async () => {
    const { ada, bob } = await pair();
    const line = new GameLoopAdapter(bob);
    for (const number of upTo(10)) ada.send(position(number));
    await ada.flush();
    const frameBytes = 2 + 4 + 4 + 4;
    line.xfer({ maxMessages: 3 });
    expect(getAll(line)).toEqual([0, 1, 2]);
    line.xfer({ maxBytes: 2 * frameBytes + 1 });
    expect(getAll(line)).toEqual([3, 4]);
    line.xfer({ maxBytes: 1 });
    expect(getAll(line)).toEqual([5]);
    line.xfer({ maxMessages: 2, maxBytes: 10 * frameBytes });
    expect(getAll(line)).toEqual([6, 7]);
    line.xfer({ maxMessages: 0 });
    expect(getAll(line)).toEqual([]);
    line.xfer();
    expect(getAll(line)).toEqual([8, 9]);
    expect(() => line.xfer({ maxBytes: Number.NaN })).toThrow(/maxBytes is NaN, expected a number/);
  });

  it('gives all that came before the end, then xfer() answers false', async () => {
    const { ada, bob } = await pair();
    const line = new GameLoopAdapter(bob);
    for (const number of upTo(3)) ada.send(position(number));
    await ada.close();
    await vi.waitUntil(() => bob.closed, { timeout: 10_000 });
    expect(line.closed).toBe(true);
    expect(line.xfer({ maxMessages: 2 })).toBe(true);
    expect(getAll(line)).toEqual([0, 1]);
    expect(line.xfer()).toBe(true);
    expect(getAll(line)).toEqual([2]);
    expect(line.xfer()).toBe(false);
    expect(line.get()).toBeNull();
    expect(() => line.send(position(4))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
    await line.shutdown();
  });

  it('shares its messenger with no other reader', async () => {
    const { bob } = await pair();
    const line = new GameLoopAdapter(bob);
    line.xfer();
    await expect(bob.messages().next()).rejects.toBeInstanceOf(CableCarError);
    expect(() => bob.on('message', () => {})).toThrow(
      expect.objectContaining({ code: 'ERR_CONCURRENT_READ' }),
    );
  });
});

describe('Two game loops on a real connection', () => {
  it('see each frame of the other in order while both run', async () => {
    const { ada, bob } = await pair();
    const seen: [number[], number[]] = [[], []];
    await Promise.all(
      [ada, bob].map((messenger, index) => {
        const line = new GameLoopAdapter(messenger);
        return gameLoop({ hz: 250 }, ({ number }) => {
          if (number < 50) line.send(position(number));
          line.xfer();
          seen[index]?.push(...getAll(line));
          return number < 50 || (seen[index]?.length ?? 0) < 50;
        });
      }),
    );
    expect(seen).toEqual([upTo(50), upTo(50)]);
  });
});
