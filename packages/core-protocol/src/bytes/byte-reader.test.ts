import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';

const readerOf = (hex: string): ByteReader => new ByteReader(Buffer.from(hex, 'hex'));

/** Every way to read, by name; `size` is for those that take one. */
const calls = {
  u8: (reader: ByteReader) => reader.u8(),
  u16: (reader: ByteReader) => reader.u16(),
  u32: (reader: ByteReader) => reader.u32(),
  varint: (reader: ByteReader) => reader.varint(),
  raw: (reader: ByteReader, size: number) => reader.raw(size),
  utf8: (reader: ByteReader, size: number) => reader.utf8(size),
};
const call = fc.tuple(
  fc.constantFrom(...(Object.keys(calls) as (keyof typeof calls)[])),
  fc.oneof(fc.nat(40), fc.maxSafeNat()),
);

describe('ByteReader', () => {
  it.each([
    ['nothing', 'u8', ''],
    ['one byte', 'u16', '01'],
    ['three bytes', 'u32', '010203'],
    ['nothing', 'varint', ''],
    ['a varint without its last byte', 'varint', 'ffff'],
    ['a text without its last byte', 'utf8', '0361 62'],
    ['a text without its length', 'utf8', ''],
  ] as const)('finds %s too short for %s', (_, name, hex) => {
    const reader = readerOf(hex.replace(' ', ''));
    expect([0, '']).toContain(calls[name](reader, 100));
    expect(reader.ok).toBe(false);
    expect(reader.finished()).toBe(false);
  });

  it.each([
    ['a zero in two bytes', '8000'],
    ['a one in two bytes', '8100'],
    ['a one in eight bytes', '8180808080808000'],
    ['2^53', '8080808080808010'],
    ['2^56 - 1', 'ffffffffffffff7f'],
    ['nine bytes', '808080808080808001'],
    ['no end', 'ff'.repeat(20)],
  ])('refuses a varint of %s', (_, hex) => {
    const reader = readerOf(hex);
    expect(reader.varint()).toBe(0);
    expect(reader.ok).toBe(false);
  });

  test.prop([fc.uint8Array({ maxLength: 10 })], { seed: 3, numRuns: 1000 })(
    'takes a varint in one form only: the one that a writer writes',
    (bytes) => {
      const reader = new ByteReader(bytes);
      const value = reader.varint();
      if (!reader.ok) return;
      const shortest = value === 0 ? 1 : Math.ceil((Math.log2(value + 1) || 1) / 7);
      expect(bytes.length - reader.remaining).toBe(shortest);
    },
  );

  it('reads a view, not a copy', () => {
    const bytes = Buffer.from('0102030405', 'hex');
    const raw = new ByteReader(bytes, 1).raw(3);
    bytes[1] = 0xff;
    expect(raw.toString('hex')).toBe('ff0304');
  });

  it('refuses a text longer than it may be, before it is read', () => {
    expect(readerOf('03616263').utf8(3)).toBe('abc');
    const reader = readerOf('03616263');
    expect(reader.utf8(2)).toBe('');
    expect(reader.ok).toBe(false);
    const giant = readerOf('ffffffffffffff0f');
    expect(giant.utf8(Infinity)).toBe('');
    expect(giant.ok).toBe(false);
  });

  it('replaces what is not UTF-8', () => {
    const reader = readerOf('03 61 ff 62'.replaceAll(' ', ''));
    expect(reader.utf8(10)).toBe('a\ufffdb');
    expect(reader.finished()).toBe(true);
  });

  it('reads within its bounds, also within an array that lies in the middle of its buffer', () => {
    const whole = Uint8Array.from([9, 9, 1, 2, 3, 4, 9, 9]);
    const reader = new ByteReader(whole.subarray(1, 7), 1, 5);
    expect(reader.remaining).toBe(4);
    expect(reader.u16()).toBe(0x0102);
    expect([...reader.raw(2)]).toEqual([3, 4]);
    expect(reader.finished()).toBe(true);
    expect(reader.u8()).toBe(0);
    expect(reader.ok).toBe(false);
  });

  it('is not finished while bytes are left over', () => {
    const reader = readerOf('0102');
    reader.u8();
    expect([reader.ok, reader.remaining, reader.finished()]).toEqual([true, 1, false]);
  });

  it('reads nothing more after the first trouble', () => {
    const reader = readerOf('01020304');
    reader.raw(5);
    expect(reader.u8()).toBe(0);
    expect(reader.u32()).toBe(0);
    expect(reader.varint()).toBe(0);
    expect(reader.raw(1)).toHaveLength(0);
    expect(reader.utf8(9)).toBe('');
    expect(reader.finished()).toBe(false);
  });

  test.prop([fc.uint8Array({ maxLength: 60 }), fc.array(call)], { seed: 4, numRuns: 1000 })(
    'never throws and never reads past the end, whatever the bytes and whatever is asked for',
    (bytes, script) => {
      const reader = new ByteReader(bytes);
      let ok = true;
      for (const [name, size] of script) {
        const before = reader.remaining;
        const value = calls[name](reader, size);
        expect(reader.remaining).toBeGreaterThanOrEqual(0);
        expect(reader.remaining).toBeLessThanOrEqual(before);
        expect(!ok && reader.ok).toBe(false);
        ok = reader.ok;
        if (ok) continue;
        if (typeof value === 'number') expect(value).toBe(0);
        else expect(value).toHaveLength(0);
      }
      expect(reader.finished()).toBe(ok && reader.remaining === 0);
    },
  );
});
