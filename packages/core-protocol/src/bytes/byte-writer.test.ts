import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** One thing written, and how it is read back. */
type Step =
  | { readonly kind: 'u8' | 'u16' | 'u32' | 'varint'; readonly value: number }
  | { readonly kind: 'utf8'; readonly value: string }
  | { readonly kind: 'raw'; readonly value: Uint8Array };

/** The whole numbers at which a varint takes one byte more, and their neighbours. */
const borders = Array.from({ length: 7 }, (_, index) => 2 ** (7 * (index + 1))).flatMap(
  (border) => [border - 1, border, border + 1],
);
const varints = [0, 1, ...borders, 2 ** 53 - 2, 2 ** 53 - 1];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.nat(0xff) }),
  fc.record({ kind: fc.constant('u16' as const), value: fc.nat(0xffff) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.nat(0xffff_ffff) }),
  fc.record({
    kind: fc.constant('varint' as const),
    value: fc.oneof(fc.maxSafeNat(), fc.constantFrom(...varints)),
  }),
  fc.record({ kind: fc.constant('utf8' as const), value: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constant('raw' as const), value: fc.uint8Array({ maxLength: 600 }) }),
);

function write(writer: ByteWriter, { kind, value }: Step): void {
  if (kind === 'utf8') writer.utf8(value);
  else if (kind === 'raw') writer.raw(value);
  else writer[kind](value);
}

function read(reader: ByteReader, { kind, value }: Step): Step['value'] {
  if (kind === 'utf8') return reader.utf8(Infinity);
  if (kind === 'raw') return new Uint8Array(reader.raw(value.length));
  return reader[kind]();
}

function bytesOf(...steps: readonly Step[]): string {
  const writer = new ByteWriter();
  for (const each of steps) write(writer, each);
  return writer.copyItem().toString('hex');
}

describe('ByteWriter', () => {
  test.prop([fc.array(step), fc.integer({ min: 1, max: 64 })], { seed: 1, numRuns: 200 })(
    'writes what a reader reads back, however often it has to move (T14)',
    (steps, blockBytes) => {
      const writer = new ByteWriter(blockBytes);
      writer.begin();
      for (const each of steps) write(writer, each);
      const reader = new ByteReader(writer.copyItem());
      expect(steps.map((each) => read(reader, each))).toEqual(steps.map(({ value }) => value));
      expect(reader.finished()).toBe(true);
    },
  );

  it.each(varints)('writes the varint %d as a reader reads it', (value) => {
    const writer = new ByteWriter();
    writer.varint(value);
    const reader = new ByteReader(writer.copyItem());
    expect(reader.varint()).toBe(value);
    expect(reader.finished()).toBe(true);
  });

  it.each([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '8001'],
    [16_383, 'ff7f'],
    [16_384, '808001'],
    [2 ** 21 - 1, 'ffff7f'],
    [2 ** 21, '80808001'],
    [2 ** 32, '8080808010'],
    [2 ** 53 - 1, 'ffffffffffffff0f'],
  ])('writes the varint %d as %s', (value, hex) => {
    expect(bytesOf({ kind: 'varint', value })).toBe(hex);
  });

  it('writes whole numbers with their highest byte first', () => {
    expect(bytesOf({ kind: 'u8', value: 0xab })).toBe('ab');
    expect(bytesOf({ kind: 'u16', value: 0x1234 })).toBe('1234');
    expect(bytesOf({ kind: 'u32', value: 0xfedc_ba98 })).toBe('fedcba98');
  });

  it('writes text as its length in bytes and its UTF-8', () => {
    expect(bytesOf({ kind: 'utf8', value: '' })).toBe('00');
    expect(bytesOf({ kind: 'utf8', value: 'aé€😀' })).toBe('0a61c3a9e282acf09f9880');
    expect(bytesOf({ kind: 'utf8', value: 'x'.repeat(128) })).toBe(`8001${'78'.repeat(128)}`);
  });

  it('writes half of a surrogate pair as U+FFFD', () => {
    expect(bytesOf({ kind: 'utf8', value: 'a\ud83db' })).toBe('0561efbfbd62');
  });

  it('moves only the item under way and leaves the bytes before it where they were', () => {
    const writer = new ByteWriter(8);
    writer.raw(Buffer.from('010203040506', 'hex'));
    writer.begin();
    writer.u16(0xaabb);
    const old = writer.bytes;
    expect([writer.start, writer.length]).toEqual([6, 8]);
    writer.u16(0xccdd);
    expect(writer.bytes).not.toBe(old);
    expect([writer.start, writer.length]).toEqual([0, 4]);
    expect(writer.copyItem().toString('hex')).toBe('aabbccdd');
    expect(old.toString('hex')).toBe('010203040506aabb');
    expect(writer.view.buffer).toBe(writer.bytes.buffer);
  });

  it('stays in its buffer while there is room', () => {
    const writer = new ByteWriter(16);
    const { bytes } = writer;
    for (let count = 0; count < 4; count++) {
      writer.begin();
      writer.u32(count);
    }
    expect(writer.bytes).toBe(bytes);
    writer.begin();
    writer.reserve(0);
    expect(writer.bytes).toBe(bytes);
  });

  test.prop([fc.array(fc.array(step, { maxLength: 5 })), fc.integer({ min: 1, max: 300 })], {
    seed: 2,
    numRuns: 200,
  })('leaves every item whole in the buffer in which it ended', (items, blockBytes) => {
    const writer = new ByteWriter(blockBytes);
    const kept = items.map((steps) => {
      writer.begin();
      for (const each of steps) write(writer, each);
      return writer.bytes.subarray(writer.start, writer.length);
    });
    expect(kept.map((bytes) => bytes.toString('hex'))).toEqual(
      items.map((steps) => bytesOf(...steps)),
    );
  });

  it('forgets the item under way, also after it has moved', () => {
    const writer = new ByteWriter(8);
    writer.u32(1);
    writer.begin();
    writer.raw(new Uint8Array(3));
    writer.rollBack();
    expect([writer.start, writer.length]).toEqual([4, 4]);
    writer.raw(new Uint8Array(100));
    writer.rollBack();
    expect([writer.start, writer.length]).toEqual([0, 0]);
    writer.u8(7);
    expect(writer.copyItem().toString('hex')).toBe('07');
  });

  it('begins at the start of the same buffer once cleared', () => {
    const writer = new ByteWriter();
    writer.u32(1);
    writer.begin();
    writer.u8(2);
    const { bytes } = writer;
    writer.clear();
    expect([writer.start, writer.length]).toEqual([0, 0]);
    expect(writer.bytes).toBe(bytes);
  });

  it('copies an item, so that later writing does not change the copy', () => {
    const writer = new ByteWriter();
    writer.u8(1);
    const copy = writer.copyItem();
    writer.clear();
    writer.u8(2);
    expect(copy.toString('hex')).toBe('01');
  });
});
