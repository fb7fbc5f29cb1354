import {
  FrameDecoder,
  FRAME,
  PartJoiner,
  writeFrame,
  type ByteWriter,
  type Message,
} from '@cablecar/core-protocol';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { SendOptions } from './delivery.ts';
import { Outbox } from './outbox.ts';

/** Stands for a message: its mark is its number, `size` that of its payload. */
class Item {
  readonly mark: number;
  readonly size: number;
  constructor(mark: number, size = 4) {
    this.mark = mark;
    this.size = Math.max(4, size);
  }
}

function encode(message: Message, writer: ByteWriter): void {
  const { mark, size } = message as unknown as Item;
  const payload = Buffer.alloc(size);
  payload.writeUInt32BE(mark);
  writeFrame(writer, 16, payload);
}

class Clock {
  time = 0;
}

function makeOutbox(clock = new Clock()): Outbox {
  return new Outbox(
    { highWaterBytes: 1_000_000, limitBytes: 100_000_000 },
    { cuts: true, now: () => clock.time, encode, isWritten: () => true },
  );
}

const append = (outbox: Outbox, item: Item, options?: SendOptions): boolean =>
  outbox.append(item as unknown as Message, options);

/** The other end: counts frames, and joins and keeps messages. */
class Receiver {
  frames = 0;
  bytes = 0;
  readonly marks: number[] = [];
  readonly #joiner = new PartJoiner(10_000_000);

  /** Takes what was written; whole frames at a time. */
  receive(pieces: readonly Uint8Array[]): void {
    const decoder = new FrameDecoder(100_000);
    decoder.push(Buffer.concat(pieces));
    while (decoder.next()) {
      this.frames++;
      this.bytes += decoder.frameBytes;
      if (decoder.type >= 16) this.marks.push(decoder.bytes.readUInt32BE(decoder.start));
      else if (this.#joiner.push(decoder)) {
        this.marks.push(this.#joiner.bytes.readUInt32BE(this.#joiner.start));
      }
    }
    expect(decoder.error ?? this.#joiner.error).toBeUndefined();
    expect(decoder.bufferedBytes).toBe(0);
  }

  /** Takes everything there is. */
  drain(outbox: Outbox, isHeldUp = false): void {
    for (let pieces = outbox.take(isHeldUp); pieces.length > 0; pieces = outbox.take(isHeldUp)) {
      this.receive(pieces);
    }
  }
}

const LARGE = 400_000;

describe('FrameSequence', () => {
  it('sends only the latest of a key, in the place of the first', () => {
    const outbox = makeOutbox();
    const receiver = new Receiver();
    for (let mark = 1; mark <= 3; mark++)
      append(outbox, new Item(mark), { delivery: 'latest', key: 'a' });
    append(outbox, new Item(10), { delivery: 'latest', key: 'b' });
    append(outbox, new Item(20), { delivery: 'latest', key: 20 });
    append(outbox, new Item(21), { delivery: 'latest', key: '20' });
    append(outbox, new Item(4), { delivery: 'latest', key: 'a' });
    outbox.sequence.grant(100, 100_000);
    receiver.drain(outbox);
    expect(receiver.marks).toEqual([4, 10, 20, 21]);
    expect(outbox.dropped).toBe(3);
    // One that is sent is not replaced any more.
    append(outbox, new Item(5), { delivery: 'latest', key: 'a' });
    receiver.drain(outbox);
    expect(receiver.marks.at(-1)).toBe(5);
  });

  it('drops what is volatile with the end of its turn, and nothing else', () => {
    const outbox = makeOutbox();
    const receiver = new Receiver();
    append(outbox, new Item(1), { delivery: 'volatile' });
    append(outbox, new Item(2), { delivery: 'latest' });
    append(outbox, new Item(3));
    expect(outbox.pendingMessages).toBe(3);
    outbox.endTurn();
    expect(outbox.pendingMessages).toBe(2);
    outbox.sequence.grant(100, 100_000);
    append(outbox, new Item(4), { delivery: 'volatile' });
    receiver.drain(outbox);
    expect(receiver.marks).toEqual([2, 4, 3]);
    expect(outbox.dropped).toBe(1);
  });

  it('drops what has expired, whatever its delivery', () => {
    const clock = new Clock();
    const outbox = makeOutbox(clock);
    const receiver = new Receiver();
    append(outbox, new Item(1), { expiresInMs: 50 });
    append(outbox, new Item(2), { expiresInMs: 100 });
    append(outbox, new Item(3), { delivery: 'latest', expiresInMs: 50 });
    append(outbox, new Item(4));
    clock.time = 50;
    outbox.expire();
    expect(outbox.pendingMessages).toBe(2);
    outbox.sequence.grant(100, 100_000);
    receiver.drain(outbox);
    expect(receiver.marks).toEqual([2, 4]);
    expect(outbox.dropped).toBe(2);
  });

  it('lets a small message pass between the parts of a large one, and a large one not', () => {
    const outbox = makeOutbox();
    const receiver = new Receiver();
    outbox.sequence.grant(100, 10_000_000);
    append(outbox, new Item(1, LARGE));
    append(outbox, new Item(2));
    receiver.receive(outbox.take());
    expect(receiver.frames).toBe(1); // one part, and room for others
    append(outbox, new Item(3, LARGE), { delivery: 'latest' });
    append(outbox, new Item(4), { delivery: 'volatile' });
    const between = outbox.take();
    receiver.receive(between);
    expect(receiver.marks).toEqual([4]);
    receiver.drain(outbox);
    expect(receiver.marks).toEqual([4, 1, 3, 2]);
    expect(outbox.pendingMessages).toBe(4);
    outbox.sequence.acknowledge(receiver.frames);
    expect(outbox.pendingMessages).toBe(0);
    expect(outbox.pendingBytes).toBe(0);
  });

  it('counts a large message as one, until the last of its parts is acknowledged', () => {
    const outbox = makeOutbox();
    outbox.sequence.grant(100, 10_000_000);
    append(outbox, new Item(1, LARGE));
    append(outbox, new Item(2));
    const receiver = new Receiver();
    receiver.drain(outbox);
    expect(receiver.frames).toBe(8);
    for (let frame = 0; frame < 7; frame++) {
      outbox.sequence.acknowledge(frame);
      expect(outbox.pendingMessages).toBe(2);
    }
    outbox.sequence.acknowledge(7);
    expect(outbox.pendingMessages).toBe(1);
  });

  it('hands over little at a time while the link is held up', () => {
    const outbox = makeOutbox();
    outbox.sequence.grant(1_000_000, 1e9);
    for (let mark = 1; mark <= 10_000; mark++) append(outbox, new Item(mark, 30));
    const first = Buffer.concat(outbox.take(true));
    expect(first.length).toBeLessThanOrEqual(67_584);
    expect(first.length).toBeGreaterThan(60_000);
    expect(Buffer.concat(outbox.take()).length).toBe(10_000 * 32 - first.length);
  });

  type Step =
    | { readonly kind: 'send'; readonly size: number; readonly options: SendOptions | undefined }
    | { readonly kind: 'take'; readonly isHeldUp: boolean }
    | { readonly kind: 'tell' | 'cut' | 'endTurn' }
    | { readonly kind: 'wait'; readonly ms: number };

  const options = fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 4 },
    fc.record({ delivery: fc.constant('latest' as const), key: fc.integer({ min: 0, max: 3 }) }),
    fc.constant({ delivery: 'volatile' as const }),
    fc.record({ expiresInMs: fc.integer({ min: 1, max: 100 }) }),
  );
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        size: fc.oneof(
          { arbitrary: fc.integer({ min: 4, max: 200 }), weight: 6 },
          fc.integer({ min: 60_000, max: 200_000 }),
        ),
        options,
      }),
      weight: 5,
    },
    {
      arbitrary: fc.record({ kind: fc.constant('take' as const), isHeldUp: fc.boolean() }),
      weight: 3,
    },
    {
      arbitrary: fc.record({
        kind: fc.constantFrom('tell' as const, 'cut' as const, 'endTurn' as const),
      }),
      weight: 3,
    },
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
  );

  test.prop([fc.array(step, { maxLength: 120 }), fc.integer({ min: 8, max: 40 })], {
    seed: 22,
    numRuns: 500,
  })(
    'gives every message that it does not drop once, reliable ones in order, over however many connections',
    (script, windowFrames) => {
      const clock = new Clock();
      const outbox = makeOutbox(clock);
      const receiver = new Receiver();
      const windowBytes = 300_000;
      let sent = 0;
      const reliable: number[] = [];
      /** What has been written and may be lost with the connection: pieces of whole frames. */
      let onTheWay: Uint8Array[] = [];
      const tell = (): void => {
        receiver.receive(onTheWay);
        onTheWay = [];
        outbox.sequence.acknowledge(receiver.frames);
        outbox.sequence.grant(receiver.frames + windowFrames, receiver.bytes + windowBytes);
      };
      tell();
      for (const now of script) {
        if (now.kind === 'send') {
          if (now.options === undefined) reliable.push(sent);
          append(outbox, new Item(sent++, now.size), now.options);
        } else if (now.kind === 'take') {
          onTheWay.push(...outbox.take(now.isHeldUp).map((piece) => Buffer.from(piece)));
        } else if (now.kind === 'endTurn') outbox.endTurn();
        else if (now.kind === 'wait') clock.time += now.ms;
        else if (now.kind === 'tell') tell();
        else {
          // Some of what was on its way still arrives; the sender does not know how much.
          receiver.receive(onTheWay.slice(0, onTheWay.length >> 1));
          onTheWay = [];
          outbox.sequence.rewind();
          expect(outbox.take()).toEqual([]);
          outbox.sequence.acknowledge(receiver.frames);
          outbox.sequence.grant(receiver.frames + windowFrames, receiver.bytes + windowBytes);
        }
        expect(outbox.sequence.numbered).toBeLessThanOrEqual(receiver.frames + 2 * windowFrames);
      }
      for (let round = 0; outbox.pendingMessages > 0; round++) {
        onTheWay.push(...outbox.take().map((piece) => Buffer.from(piece)));
        tell();
        if (round > 1_000) expect.fail(`${outbox.pendingMessages} messages never go`);
      }
      const { marks } = receiver;
      expect(new Set(marks).size).toBe(marks.length);
      expect(marks.length + outbox.dropped).toBe(sent);
      const ordered = new Set(reliable);
      expect(marks.filter((mark) => ordered.has(mark))).toEqual(reliable);
      expect(outbox.pendingBytes).toBe(0);
      expect(outbox.sequence.numbered).toBe(receiver.frames);
    },
  );

  it('counts PART frames and no others as parts', () => {
    const outbox = makeOutbox();
    outbox.sequence.grant(10, 1_000_000);
    append(outbox, new Item(1, 66_550));
    append(outbox, new Item(2, 66_560));
    const types: number[] = [];
    const decoder = new FrameDecoder(100_000);
    for (let pieces = outbox.take(); pieces.length > 0; pieces = outbox.take()) {
      decoder.push(Buffer.concat(pieces));
      while (decoder.next()) types.push(decoder.type);
    }
    expect(types).toEqual([16, FRAME.PART, FRAME.PART_END]);
  });
});
