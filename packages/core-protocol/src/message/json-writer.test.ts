import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { JsonWriter } from './json-writer.ts';

describe('attributes written as JSON', () => {
  test.each([
    0,
    -0,
    1,
    9,
    10,
    99,
    100,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    2 ** 53,
    1e21,
    -1e21,
    0.1,
    -0.5,
    1024.5,
    0.001,
    0.0005,
    999.999,
    -2147483.647,
    2147483.648,
    1e-7,
    5e-324,
    1.7976931348623157e308,
    0.1 + 0.2,
    1 / 3,
    4.35,
    1.005,
  ])('the number %d is written as JSON.stringify() has it', (value) => {
    expect(written({ value })).toBe(JSON.stringify({ value }));
  });

  test.each([
    '',
    'plain',
    'with "quotes"',
    'back\\slash',
    'line\nend',
    '\u007f',
    'grüße',
    '🚡',
    '\ud800',
    'x'.repeat(500),
  ])('the text %j is written as JSON.stringify() has it', (text) => {
    expect(written({ [text]: text })).toBe(JSON.stringify({ [text]: text }));
  });

  test.each([
    {},
    { a: undefined },
    { a: undefined, b: 1, c: undefined },
    { 2: 'b', 1: 'a', z: null, y: true, x: false },
    { list: [], nested: { list: [1, 'a', null, [], {}] } },
    Object.assign(Object.create(null) as object, { a: 1 }),
  ])('%j is written as JSON.stringify() has it', (attributes) => {
    expect(written(attributes)).toBe(JSON.stringify(attributes));
  });

  test.each([
    { a: Number.NaN },
    { a: -Infinity },
    { a: 1n },
    { a: () => 1 },
    { a: Symbol('a') },
    { a: [undefined] },
    { a: new Date(0) },
    { a: new Map() },
    { constructor: 1 },
    { a: { prototype: 1 } },
    JSON.parse('{"__proto__":1}') as object,
  ])('what breaks a rule is refused: %o', (attributes) => {
    expect(written(attributes)).toBe(false);
  });

  test('64 levels are written, 65 are not', () => {
    const nested = (levels: number): object => (levels === 1 ? {} : { in: nested(levels - 1) });
    expect(written(nested(64))).toBe(JSON.stringify(nested(64)));
    expect(written(nested(65))).toBe(false);
  });

  test('10,000 keys are written, 10,001 are not', () => {
    const wide = (keys: number): object =>
      Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${index}`, { n: index }]));
    expect(written(wide(5_000))).toBe(JSON.stringify(wide(5_000)));
    expect(written({ ...wide(5_000), one: 1 })).toBe(false);
  });

  test('objects of other names, fewer, or more are written as they are, whatever came before', () => {
    const json = new JsonWriter();
    const write = (attributes: object): string => {
      const writer = new ByteWriter();
      writer.begin();
      expect(json.write(attributes, writer)).toBe(true);
      return writer.copyItem().toString();
    };
    for (let count = 0; count < 8; count++) write({ a: 1, b: 2 });
    for (const other of [
      { a: 1 },
      { b: 2, a: 1 },
      { a: 1, b: 2, c: 3 },
      {},
      { a: undefined, b: 1 },
    ])
      expect(write(other)).toBe(JSON.stringify(other));
    const own = Object.assign(Object.create({ b: 2 }) as object, { a: 1 });
    const writer = new ByteWriter();
    expect(json.write(own, writer)).toBe(false);
  });

  test('what only a prototype has is not written', () => {
    const attributes = Object.create({ inherited: 1 }) as object;
    expect(written(Object.assign(attributes, { own: 1 }))).toBe(false);
  });

  test.prop([
    fc.dictionary(
      fc.string({ unit: 'binary' }),
      fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }),
    ),
  ])('whatever JSON can carry is written as JSON.stringify() has it', (attributes) => {
    fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(attributes)));
    expect(written(attributes)).toBe(JSON.stringify(attributes));
  });

  test.prop([
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer().map((n) => n / 1000),
    ),
  ])('a number comes back as it was', (value) => {
    expect(written({ value })).toBe(JSON.stringify({ value }));
  });
});

/** Written behind something else, in a small buffer, so that it has to move; by a walk, and by code made for it. */
function written(attributes: object): string | false {
  const json = new JsonWriter();
  const [first, ...others] = Array.from({ length: 10 }, () => {
    const writer = new ByteWriter(16);
    writer.begin();
    writer.u8(0x21);
    const isWritten = json.write(attributes, writer);
    const text = writer.copyItem().toString().slice(1);
    if (!isWritten) expect(text).toBe('');
    return isWritten && text;
  });
  for (const other of others) expect(other).toBe(first);
  return first as string | false;
}
