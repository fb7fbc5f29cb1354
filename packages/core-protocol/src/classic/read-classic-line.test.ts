import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { readClassicLine } from './read-classic-line.ts';
import { writeClassicLine } from './write-classic.ts';

function read(text: string | Buffer): Record<string, unknown> {
  const bytes = Buffer.from(text);
  return readClassicLine(bytes, 0, bytes.length).attributes;
}

function valueOf(json: string): unknown {
  return read(`["Name",{"value":${json}}]`)['value'];
}

function expectBad(text: string | Buffer): void {
  try {
    read(text);
  } catch (error) {
    expect(CableCarError.is(error, 'ERR_MESSAGE_DECODE')).toBe(true);
    return;
  }
  expect.fail(`${text.toString('latin1').slice(0, 80)} was read`);
}

/** Literals of every kind that Python writes, one of which makes the exact reader read the whole line. */
const EXACT = ', "exact": NaN, "long": 12345678901234567890';

describe('a line of the classic wire, read (§9.2(3))', () => {
  it('has a name and attributes in their order', () => {
    const bytes = Buffer.from('xx["Move",{"b":1,"a":[2]}]xx');
    const { name, attributes } = readClassicLine(bytes, 2, bytes.length - 2);
    expect(name).toBe('Move');
    expect(Object.entries(attributes)).toEqual([
      ['b', 1],
      ['a', [2]],
    ]);
  });

  it('may be UTF-8 and may have space between its parts', () => {
    expect(read(' [ "Größe" , { "ü" : "😀" } ] \r')).toEqual({ ü: '😀' });
    expect(read(` [ "Größe" , { "ü" : "😀" ${EXACT} } ] \r`)['ü']).toBe('😀');
  });

  it.each([
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740992', 2n ** 53n],
    ['-9007199254740992', -(2n ** 53n)],
    ['9007199254740993', 9007199254740993n],
    ['9007199254740992.0', 2 ** 53],
    ['18446744073709551616', 2n ** 64n],
    ['0.12345678901234567890', 0.12345678901234568],
    ['12345678901234567890e2', 1.2345678901234568e21],
    ['-0.0', -0],
    ['1.0', 1],
    ['1e999', Infinity],
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['"9007199254740993"', '9007199254740993'],
    ['"NaN"', 'NaN'],
    ['[1,9007199254740993]', [1, 9007199254740993n]],
  ])('reads %s exactly', (json, value) => {
    expect(valueOf(json)).toEqual(value);
    expect(valueOf(` ${json} `)).toEqual(value);
  });

  it('reads a literal of 4300 digits and no longer one', () => {
    expect(valueOf('9'.repeat(4300))).toBe(10n ** 4300n - 1n);
    expect(valueOf(`-${'9'.repeat(4300)}`)).toBe(1n - 10n ** 4300n);
    expectBad(`["Name",{"value":${'9'.repeat(4301)}}]`);
    expectBad(`["Name",{"value":${'9'.repeat(1_000_000)}}]`);
  });

  it('reads keys that mean something in JavaScript as plain attributes', () => {
    for (const extra of ['', EXACT]) {
      const attributes = read(`["Name",{"__proto__":{"polluted":1},"constructor":2${extra}}]`);
      expect(Object.hasOwn(attributes, '__proto__')).toBe(true);
      expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
      expect(attributes['polluted']).toBeUndefined();
      expect(attributes['constructor']).toBe(2);
    }
  });

  const broken = [
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['half of a line', '["Name",{"a":1'],
    ['an object', '{"Name":{}}'],
    ['a name alone', '["Name"]'],
    ['three members', '["Name",{},1]'],
    ['a name that is a number', '[1,{}]'],
    ['attributes that are a list', '["Name",[]]'],
    ['attributes that are null', '["Name",null]'],
    ['a trailing comma', '["Name",{"a":1,}]'],
    ['a word that is none', '["Name",{"a":nil}]'],
    ['a number with a leading zero', '["Name",{"a":01}]'],
    ['a sign alone', '["Name",{"a":-}]'],
    ['a raw control character', '["Name",{"a":"\t"}]'],
    ['an unknown escape', '["Name",{"a":"\\x"}]'],
    ['a string without an end', '["Name",{"a":"x'],
    ['single quotes', "['Name',{}]"],
    ['something after the end', '["Name",{}]["Name",{}]'],
    ['a byte order mark', '\ufeff["Name",{}]'],
  ] as const;
  it.each(broken)('is refused when it is %s', (_, text) => {
    expectBad(text);
    expectBad(text.replace(/\}\]?$/, `,"exact":NaN$&`));
    expectBad(text.replace('{', `{"long":12345678901234567890,`));
  });

  it('is refused when it is not UTF-8 (§9.2(4))', () => {
    for (const bytes of ['ff', 'c0af', 'eda080', 'e282']) {
      expectBad(
        Buffer.concat([Buffer.from('["N",{"a":"'), Buffer.from(bytes, 'hex'), Buffer.from('"}]')]),
      );
    }
  });

  it('is refused when it is nested more than 500 deep, however long', () => {
    for (const leaf of ['1', 'NaN', '12345678901234567890', '"[[[[\\"]]]]"']) {
      expect(valueOf(`${'['.repeat(498)}${leaf}${']'.repeat(498)}`)).toBeInstanceOf(Array);
      expectBad(`["Name",{"value":${'['.repeat(499)}${leaf}${']'.repeat(499)}}]`);
    }
    expectBad('['.repeat(1 << 20));
    expectBad('{"a":'.repeat(200_000));
    expectBad(`[NaN,${'['.repeat(1 << 20)}`);
  });

  it('takes time in proportion to its length, whatever it is made of', () => {
    const hostile = [
      '-',
      '1',
      '1e',
      '[:,',
      '"\\',
      '\\"',
      '  ',
      'NaN',
      '1234567890123456 ',
      '{"a":1,',
    ];
    for (const part of hostile)
      expectBad(`["Name",{"value":${part.repeat((1 << 20) / part.length)}`);
  });

  test.prop([
    fc.dictionary(
      fc.string({ unit: 'binary' }),
      fc.anything({
        maxDepth: 4,
        values: [
          fc.boolean(),
          fc.constant(null),
          fc.double(),
          fc.maxSafeInteger(),
          fc.string({ unit: 'binary' }),
          fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
          fc.bigInt({ max: -(2n ** 53n), min: -(2n ** 200n) }),
        ],
        withNullPrototype: false,
        key: fc.string(),
      }),
      { noNullPrototype: true },
    ),
  ])('is what was written', (attributes) => {
    const writer = new ByteWriter();
    const clean = Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [`_${key}`, value]),
    );
    const size = writeClassicLine(writer, 'Name', clean);
    expect(readClassicLine(writer.bytes, 0, size - 1).attributes).toEqual(clean);
  });

  test.prop([fc.string({ unit: 'binary' })])('is refused or read, but never worse', (text) => {
    try {
      read(text);
    } catch (error) {
      expect(CableCarError.is(error, 'ERR_MESSAGE_DECODE')).toBe(true);
    }
  });
});
