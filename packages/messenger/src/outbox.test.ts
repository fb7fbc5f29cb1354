import { CableCarError, type ByteWriter, type Message } from '@cablecar/core-protocol';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

/** Stands for a message of so many bytes, numbered so that order shows. */
interface Item {
  readonly size: number;
  readonly mark: number;
}

const message = (size: number, mark = 0): Message => ({ size, mark }) as unknown as Message;

function encode(item: Message, writer: ByteWriter): void {
  const { size, mark } = item as unknown as Item;
  writer.begin();
  // In two halves, so that the writer may move in the middle of a message.
  for (const half of [size >> 1, size - (size >> 1)]) {
    writer.reserve(half);
    writer.bytes.fill(mark, writer.length, writer.length + half);
    writer.length += half;
  }
  if (size === 13) throw new CableCarError('ERR_MESSAGE_ENCODE', 'thirteen, expected another size');
}

const makeOutbox = (
  highWaterBytes = 1_000,
  limitBytes = 10_000,
  isWritten = (): boolean => true,
): Outbox =>
  new Outbox({ highWaterBytes, limitBytes }, { cuts: false, now: () => 0, encode, isWritten });

const taken = (outbox: Outbox): Buffer => Buffer.concat(outbox.take());

/** Acknowledges, and answers whether a writer that waits may go on. */
function acknowledge(outbox: Outbox, received: number): boolean {
  outbox.sequence.acknowledge(received);
  return outbox.takeRelief();
}

describe('Outbox', () => {
  it('gives out nothing without credit, and no more than the credit', () => {
    const outbox = makeOutbox();
    for (let mark = 1; mark <= 4; mark++) outbox.append(message(10, mark));
    expect(taken(outbox)).toHaveLength(0);
    outbox.sequence.grant(3, 25);
    expect([...taken(outbox)]).toEqual([...Array(10).fill(1), ...Array(10).fill(2)]);
    outbox.sequence.grant(3, 100);
    expect([...taken(outbox)]).toEqual(Array(10).fill(3));
    outbox.sequence.grant(2, 50); // an older word
    expect(taken(outbox)).toHaveLength(0);
    outbox.sequence.grant(4, 100);
    expect([...taken(outbox)]).toEqual(Array(10).fill(4));
  });

  it('answers false from the high-water mark on and says once when half of it is free', () => {
    const outbox = makeOutbox(100);
    outbox.sequence.grant(1_000, 10_000);
    for (let count = 0; count < 9; count++) expect(outbox.append(message(10))).toBe(true);
    expect(outbox.append(message(10))).toBe(false);
    expect(acknowledge(outbox, 4)).toBe(false);
    expect(acknowledge(outbox, 5)).toBe(true);
    expect(acknowledge(outbox, 10)).toBe(false);
  });

  it('refuses above its limit and loses nothing', () => {
    const outbox = makeOutbox(100, 200);
    outbox.sequence.grant(100, 10_000);
    outbox.append(message(200, 7));
    expect(() => outbox.append(message(1))).toThrow(
      expect.objectContaining({ code: 'ERR_OUTBOX_FULL' }),
    );
    expect([...taken(outbox)]).toEqual(Array(200).fill(7));
    acknowledge(outbox, 1);
    expect(outbox.append(message(1))).toBe(true);
  });

  it('is as before when a message cannot be encoded', () => {
    const outbox = makeOutbox();
    outbox.sequence.grant(100, 10_000);
    outbox.append(message(10, 1));
    expect(() => outbox.append(message(13))).toThrow(
      expect.objectContaining({ code: 'ERR_MESSAGE_ENCODE' }),
    );
    outbox.append(message(10, 2));
    expect([...taken(outbox)]).toEqual([...Array(10).fill(1), ...Array(10).fill(2)]);
    expect(outbox.accepted).toBe(2);
  });

  it('leaves what it gave out alone until it is written', () => {
    let isWritten = false;
    const outbox = makeOutbox(1_000, 100_000, () => isWritten);
    outbox.sequence.grant(1_000, 1e9);
    outbox.append(message(10, 1));
    const early = outbox.take();
    acknowledge(outbox, 1);
    outbox.append(message(10, 2));
    expect([...Buffer.concat(early)]).toEqual(Array(10).fill(1));
    isWritten = true;
    acknowledge(outbox, 2);
    expect(outbox.pendingBytes).toBe(0);
  });

  it('writes into the memory of what has gone, and lets that of large messages go', () => {
    const outbox = makeOutbox(100_000, 1_000_000);
    outbox.sequence.grant(1e9, 1e12);
    const memory = new Set<ArrayBufferLike>();
    for (let sent = 1; sent <= 3_000; sent++) {
      outbox.append(message(100, sent % 251));
      for (const { buffer } of outbox.take()) memory.add(buffer);
      acknowledge(outbox, Math.max(0, sent - 500));
    }
    // Six that grow, and those of the usual size.
    expect(memory.size).toBeLessThanOrEqual(12);
    outbox.append(message(500_000));
    outbox.take();
    acknowledge(outbox, 3_001);
    outbox.append(message(10));
    expect(outbox.take().at(-1)?.buffer.byteLength).toBe(135_168);
  });

  const steps = fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('append' as const),
        size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40_000 })),
      }),
      fc.record({ kind: fc.constant('take' as const), size: fc.constant(0) }),
      fc.record({
        kind: fc.constant('acknowledge' as const),
        size: fc.integer({ min: 0, max: 100 }),
      }),
      fc.record({
        kind: fc.constant('grant' as const),
        size: fc.integer({ min: 0, max: 100_000 }),
      }),
    ),
    { maxLength: 200 },
  );

  test.prop([steps], { seed: 5, numRuns: 300 })(
    'gives out every byte once and in order, whatever is appended, granted and acknowledged between',
    (script) => {
      const outbox = makeOutbox(1_000_000, 100_000_000);
      const appended: Buffer[] = [];
      const given: Buffer[] = [];
      const ends = [0];
      let grant = 0;
      for (const { kind, size } of script) {
        if (kind === 'append' && size !== 13) {
          const mark = appended.length % 251;
          outbox.append(message(size, mark));
          appended.push(Buffer.alloc(size, mark));
          ends.push((ends.at(-1) as number) + size);
        } else if (kind === 'take') {
          given.push(...outbox.take().map((piece) => Buffer.from(piece)));
        } else if (kind === 'grant') {
          grant += size;
          outbox.sequence.grant(1e9, grant);
        } else if (kind === 'acknowledge') {
          // The peer can acknowledge what it was given, no more.
          const bytes = given.reduce((sum, piece) => sum + piece.length, 0);
          const whole = ends.filter((end) => end <= bytes).length - 1;
          acknowledge(outbox, Math.min(whole, outbox.sequence.acknowledged + size));
        }
      }
      outbox.sequence.grant(1e9, 1e12);
      given.push(...outbox.take().map((piece) => Buffer.from(piece)));
      expect(Buffer.concat(given).equals(Buffer.concat(appended))).toBe(true);
    },
  );
});
