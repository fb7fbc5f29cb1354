import { fc, test } from '@fast-check/vitest';
import { describe, expect, vi } from 'vitest';
import { JsonReader } from './json-reader.ts';

describe('JSON that looks like what came before', () => {
  test('is read from the eighth message of its shape on, by the prototype of its class', () => {
    const prototype = { greet: () => 'hello' };
    const reader = new JsonReader(prototype);
    for (let count = 0; count < 7; count++) reader.learn({ a: 1 });
    expect(read(reader, '{"a":2}')).toBeUndefined();
    reader.learn({ a: 1 });
    const message = read(reader, '{"a":2}');
    expect(message).toEqual({ a: 2 });
    expect(Object.getPrototypeOf(message)).toBe(prototype);
  });

  test.each([
    ['{"a":1,"b":"text","c":true,"d":null,"e":false}'],
    ['{"list":[1,2,3],"at":{"x":1.5,"y":-2.25},"path":[{"x":1},{"x":2}]}'],
    ['{"list":[],"at":{"x":12,"y":0.1},"path":[]}'],
    ['{}'],
    ['{"rows":[[1,2],[3,4],[]]}'],
    [`{"text":"${'x'.repeat(100)}","more":"grüße 🚡"}`],
  ])('%s is read', (text) => {
    const reader = used(text);
    expect(read(reader, text)).toEqual(JSON.parse(text));
  });

  test.each([
    0,
    1,
    -1,
    10,
    123456789012345,
    1234567890123456,
    1.2345678901234567e19,
    0.1,
    -0.5,
    1024.5,
    123456.789012345,
    0.1 + 0.2,
    1 / 3,
    -9007199254740991,
  ])('the number %d is the one that JSON.parse() gives', (value) => {
    expect(read(used('{"value":0}'), JSON.stringify({ value }))).toEqual({ value });
  });

  test.each([
    '01',
    '-',
    '-01',
    '1.',
    '.5',
    '+1',
    '1e5',
    '1E5',
    '-0',
    '-0.0',
    '0x1',
    'NaN',
    'nul',
    'truth',
    'tru',
    '"a',
    '"\\n"',
    '"\n"',
    '"\\u0061"',
    '[1]',
    '{}',
    '',
    ' 1',
    '1 ',
    '1,"b":2',
    '1}{',
    '1e999',
    '"\ufffd',
    '1'.repeat(30),
  ])('%j as a value is left to the parser', (value) => {
    expect(read(used('{"value":0}'), `{"value":${value}}`)).toBeUndefined();
  });

  test.each([
    '{"a":1}',
    '{"b":1,"a":1}',
    '{"a":1,"c":1}',
    '{"a":1,"b":1',
    '{"a":1,"b":1}}',
    '[1]',
    '',
    '{"a":1,"b":[1 2]}',
  ])('%s is left to the parser by who expects a and b', (text) => {
    expect(read(used('{"a":1,"b":[1]}'), text)).toBeUndefined();
  });

  test('bytes that are no UTF-8 are left to the parser', () => {
    const bytes = Buffer.from('{"a":"xx"}');
    bytes[6] = 0xff;
    expect(used('{"a":"xx"}').read(bytes, 0, bytes.length)).toBeUndefined();
  });

  test('a text does not go on into what lies behind the message', () => {
    const bytes = Buffer.from('{"a":"xx"}');
    expect(used('{"a":"xx"}').read(bytes, 0, bytes.length - 2)).toBeUndefined();
  });

  test.each(['with space', '__proto__', 'a"]; throw 1; //', '1', 'ü', ''])(
    'no code is made of the name %j',
    (name) => {
      const text = JSON.stringify({ [name]: 1 });
      expect(read(used(text), text)).toBeUndefined();
    },
  );

  test('four shapes are known, not five; deep and wide ones are not', () => {
    const reader = new JsonReader({});
    const shapes = ['{"a":1}', '{"b":1}', '{"c":1}', '{"d":1}', '{"e":1}'];
    for (const text of shapes) teach(reader, text);
    expect(shapes.map((text) => read(reader, text))).toEqual([
      ...shapes.slice(0, 4).map((text) => JSON.parse(text) as unknown),
      undefined,
    ]);
    const deep = `${'{"a":'.repeat(9)}1${'}'.repeat(9)}`;
    const wide = JSON.stringify(
      Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, at])),
    );
    for (const text of [deep, wide]) expect(read(used(text), text)).toBeUndefined();
  });

  test('a long text is left to the parser', () => {
    const text = JSON.stringify({ list: Array.from({ length: 2_100 }, () => 1) });
    expect(read(used('{"list":[1]}'), text)).toBeUndefined();
  });

  test('where code may not be generated, nothing is learned and nothing thrown', () => {
    vi.stubGlobal('Function', () => {
      throw new EvalError('forbidden');
    });
    try {
      const reader = used('{"a":1}');
      expect(read(reader, '{"a":1}')).toBeUndefined();
    } finally {
      vi.unstubAllGlobals();
    }
  });

  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer(),
      fc.constantFrom(true, false, null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('any'), { maxKeys: 4 }),
    ),
  })).any;

  test.prop([
    fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), value),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,2}$/), value),
  ])('what is read at all is what JSON.parse() gives', (first, second) => {
    fc.pre(!/"(constructor|prototype)":/.test(JSON.stringify([first, second])));
    const reader = used(JSON.stringify(first));
    for (const text of [JSON.stringify(first), JSON.stringify(second)]) {
      const message = read(reader, text);
      if (message !== undefined) expect({ ...message }).toEqual(JSON.parse(text));
    }
  });
});

function read(reader: JsonReader, text: string): object | undefined {
  const bytes = Buffer.from(`..${text}..`);
  return reader.read(bytes, 2, bytes.length - 2);
}

function used(text: string): JsonReader {
  const reader = new JsonReader({});
  teach(reader, text);
  return reader;
}

function teach(reader: JsonReader, text: string): void {
  for (let count = 0; count < 8; count++) reader.learn(JSON.parse(text) as object);
}
