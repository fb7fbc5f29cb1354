import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { jsonMessage } from './json-message.ts';
import type { Message, MessageClass } from './message.ts';
import { MessageRegistry, type MessageType } from './message-registry.ts';
import type { StandardSchema } from './standard-schema.ts';

class Note extends jsonMessage('Note')<Record<string, unknown>> {
  describe() {
    return `a note of ${Object.keys(this).length}`;
  }
}

function typeOf(messageClass: MessageClass): MessageType {
  return new MessageRegistry([messageClass]).types.at(-1) as MessageType;
}

const noteType = typeOf(Note);

function encode(message: Message, type: MessageType = noteType): string {
  const writer = new ByteWriter(16);
  type.encode(message, writer);
  return writer.copyItem().toString();
}

function decode(text: string | Uint8Array, type: MessageType = noteType): Message | CableCarError {
  const payload = Buffer.from(text);
  const chunk = Buffer.concat([Buffer.from('{'), payload, Buffer.from('}')]);
  return type.decode(chunk, 1, 1 + payload.length);
}

function encodeRefusal(attributes: object): string {
  try {
    encode(Object.assign(new Note(), attributes));
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'ERR_MESSAGE_ENCODE' });
    return (thrown as Error).message;
  }
  return expect.fail('expected encode() to throw');
}

function decodeRefusal(text: string | Uint8Array, type: MessageType = noteType): string {
  const result = decode(text, type);
  expect(result).toMatchObject({ code: 'ERR_MESSAGE_DECODE' });
  return (result as CableCarError).message;
}

function nested(levels: number): object {
  let value: object = {};
  for (let level = 1; level < levels; level++) value = level % 2 === 0 ? { in: value } : [value];
  return { in: value };
}

describe('a JSON message', () => {
  it.each<[object, string]>([
    [{}, '{}'],
    [{ text: 'hi' }, '{"text":"hi"}'],
    [{ text: 'é€𝄞\n"' }, '{"text":"é€𝄞\\n\\""}'],
    [
      { a: 1.5, b: [true, null, { c: -2 }], d: '\u2028' },
      '{"a":1.5,"b":[true,null,{"c":-2}],"d":"\u2028"}',
    ],
  ])('carries %j as documented', (attributes, text) => {
    expect(encode(new Note({ ...attributes }))).toBe(text);
    expect(decode(text)).toStrictEqual(new Note({ ...attributes }));
  });

  it('arrives with the methods of its class', () => {
    const arrived = decode('{"a":1}') as Note;
    expect(arrived).toBeInstanceOf(Note);
    expect(arrived.describe()).toBe('a note of 1');
  });

  it('arrives without its constructor being called', () => {
    class Strict extends jsonMessage('Strict')<{ x: number }> {
      constructor(x: number, y: number) {
        if (y === undefined) throw new Error('y is required');
        super({ x });
      }
    }
    const arrived = decode(encode(new Strict(1, 2), typeOf(Strict)), typeOf(Strict));
    expect(arrived).toStrictEqual(new Strict(1, 2));
  });

  it('leaves undefined attributes out', () => {
    expect(encode(new Note({ a: undefined, b: { c: undefined } }))).toBe('{"b":{}}');
  });

  it('travels by its attributes, not by a toJSON() of its class', () => {
    class Logged extends jsonMessage('Logged')<{ x: number }> {
      toJSON() {
        return 'logged';
      }
    }
    expect(encode(new Logged({ x: 1 }), typeOf(Logged))).toBe('{"x":1}');
    expect(typeOf(Logged).attributesOf(new Logged({ x: 1 }))).toEqual({ x: 1 });
    expect(JSON.stringify(['Logged', typeOf(Logged).attributesOf(new Logged({ x: 1 }))])).toBe(
      '["Logged",{"x":1}]',
    );
  });

  it('carries any JSON unchanged', () => {
    const forbidden = /"(__proto__|constructor|prototype)":/;
    const texts = fc
      .dictionary(fc.string(), fc.jsonValue({ depthSize: 'medium' }), { noNullPrototype: true })
      .filter((attributes) => Object.keys(attributes).every((key) => !(key in Note.prototype)))
      .map((attributes) => JSON.stringify(attributes))
      .filter((text) => !forbidden.test(text));
    fc.assert(
      fc.property(texts, (given) => {
        const note = new Note(JSON.parse(given) as Record<string, unknown>);
        const text = encode(note);
        expect(decode(text)).toStrictEqual(note);
        expect(noteType.fromAttributes(JSON.parse(text))).toStrictEqual(note);
      }),
    );
  });

  it('never throws on any bytes', () => {
    const alphabet = fc.constantFrom(
      ...Array.from('{}[]":,0-1eE.truefalsn\\u_/ \n'),
      '"__proto__":',
      '{"a":',
    );
    const text = fc.string({ unit: alphabet, maxLength: 60 });
    const bytes = fc.oneof(
      text.map((each) => Buffer.from(each)),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const result = decode(given);
        if (CableCarError.is(result)) expect(result.code).toBe('ERR_MESSAGE_DECODE');
        else expect(result).toBeInstanceOf(Note);
      }),
      { numRuns: 500 },
    );
  });
});

describe('encoding JSON', () => {
  class Cell {
    readonly column = 1;
  }
  const cycle: Record<string, unknown> = {};
  cycle['again'] = { cycle };

  const refused: [object, string][] = [
    [{ a: NaN }, "NaN at 'a', expected a finite number"],
    [{ a: [1, { b: Infinity }] }, "Infinity at 'a[1].b', expected a finite number"],
    [{ a: -Infinity }, "-Infinity at 'a'"],
    [{ a: 5n }, "5n at 'a', expected a value that JSON can carry"],
    [{ a: { f: () => {} } }, "a function at 'a.f'"],
    [{ a: Symbol('s') }, "a symbol at 'a'"],
    [{ a: [[undefined]] }, "undefined at 'a[0][0]'"],
    [{ a: Array(1) }, "undefined at 'a[0]'"],
    [{ a: new Date(0) }, "an instance of Date at 'a', expected built-in types; encodeAttributes()"],
    [{ a: new Map() }, "an instance of Map at 'a'"],
    [{ a: new Uint8Array(1) }, "an instance of Uint8Array at 'a'"],
    [{ cell: new Cell() }, "an instance of Cell at 'cell'"],
    [{ a: Promise.resolve() }, "an instance of Promise at 'a'"],
    [{ a: { constructor: 1 } }, 'the key "constructor" at \'a\''],
    [{ a: [JSON.parse('{"__proto__":1}')] }, 'the key "__proto__" at \'a[0]\''],
    [{ prototype: 1 }, 'Note has the key "prototype"'],
    [cycle, 'deeper nesting or a cycle'],
    [nested(64), 'deeper nesting or a cycle'],
    [{ a: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [i, i])) }, 'more keys'],
  ];

  it('refuses what JSON cannot carry or would change, naming the place (T20)', () => {
    for (const [attributes, sentence] of refused)
      expect(encodeRefusal(attributes)).toContain(sentence);
  });

  it('takes 64 levels and 10,000 keys', () => {
    const attributes = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i]));
    for (const each of [nested(63), attributes]) {
      const note = new Note(each as Record<string, unknown>);
      expect(decode(encode(note))).toStrictEqual(note);
    }
  });

  it('refuses what it cannot carry unchanged, whatever it is given', () => {
    const given = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(given, (value) => {
        const note = Object.assign(new Note(), { value });
        let text: string;
        try {
          text = encode(note);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'ERR_MESSAGE_ENCODE' });
          return;
        }
        expect(withoutNegativeZero(decode(text))).toEqual(withoutNegativeZero(note));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes what Python has and JSON has not, on the classic wire alone', () => {
    const numbers = { a: [2 ** 53, NaN, -Infinity, -0, 2n ** 70n] };
    const note = new Note(numbers);
    const attributes = noteType.attributesOf(note);
    expect(attributes).toStrictEqual(note);
    expect(noteType.fromAttributes({ ...attributes })).toStrictEqual(note);
    for (const number of [NaN, Infinity, 1n]) {
      expect(() => encode(new Note({ a: [number] }))).toThrow("at 'a[0]'");
    }
  });

  it('nests deeper on the classic wire, but not without end', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    const deep = new Note({ a: nested(498) });
    expect(noteType.fromAttributes({ ...noteType.attributesOf(deep) })).toStrictEqual(deep);
    expect(() => encode(deep)).toThrow('at most 64 levels');
    expect(() => noteType.attributesOf(new Note({ a: nested(499) }))).toThrow('at most 499 levels');
  });

  it('refuses to be made with attributes that would replace methods or the prototype (T10)', () => {
    const planted = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
    expect(() => new Note(planted)).toThrow('ERR_MESSAGE_ENCODE');
    expect(() => new Note({ describe: 'mine' })).toThrow('"describe" is a member of its class');
    expect(() => new Note('text' as unknown as Record<string, unknown>)).toThrow(
      'given "text", expected an object',
    );
  });
});

describe('decoding JSON', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{a:1}'],
    ['half of it', '{"a":1'],
    ['more behind it', '{}{}'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a text', '"a"'],
    ['a number', '1'],
    ['a number too large to be finite', '{"a":1e400}'],
    ['a number too large to be finite, deep inside', '{"a":[{"b":-1e999}]}'],
    ['an attribute named as a method of the class', '{"describe":1}'],
    ['an attribute named as a method of every JSON message', '{"encodeAttributes":1}'],
    ['an attribute named as a member of every object', '{"hasOwnProperty":1}'],
    ['a byte order mark', '\ufeff{}'],
  ])('refuses %s', (_, text) => {
    decodeRefusal(text);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(decodeRefusal(Buffer.from('7b2261223a22c3227d', 'hex'))).toContain('is not UTF-8');
  });

  it.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__', 'cons\\u0074ructor'])(
    'refuses the key %s at every depth and leaves every prototype as it is',
    (key) => {
      const members = Object.getOwnPropertyNames(Object.prototype);
      const planted = `{"${key}":{"polluted":true,"toString":1}}`;
      decodeRefusal(planted);
      decodeRefusal(`{"a":${planted}}`);
      decodeRefusal(`{"a":[[1,${planted}]]}`);
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(members);
      expect(({} as { polluted?: true }).polluted).toBeUndefined();
      expect(noteType.fromAttributes(JSON.parse(`{"a":${planted}}`))).toBeInstanceOf(CableCarError);
    },
  );

  it('refuses planted keys wherever they are (T10)', () => {
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype');
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 8 }),
        key,
        fc.jsonValue(),
        (path, name, value) => {
          let text = `{${JSON.stringify(name)}:${JSON.stringify(value)},"x":1}`;
          for (const list of path) text = list ? `[0,${text}]` : `{"in":${text}}`;
          decodeRefusal(`{"root":${text}}`);
          const note = decode('{"x":1}') as Note;
          expect(Object.getPrototypeOf(note)).toBe(Note.prototype);
          expect(note.describe()).toBe('a note of 1');
        },
      ),
    );
  });

  it.each([65, 10_000, 1_000_000])('refuses %i levels before it parses them (T12)', (levels) => {
    const spy = vi.spyOn(JSON, 'parse');
    decodeRefusal(`{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`);
    decodeRefusal('{"a":'.repeat(levels));
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });

  it('is not misled by brackets and quotes within texts', () => {
    const tricky = { a: '['.repeat(200), b: '\\"[{'.repeat(100), c: '"\\'.repeat(50) };
    const note = new Note(tricky);
    expect(decode(encode(note))).toStrictEqual(note);
    decodeRefusal(`{"a":"\\\\","b":${'['.repeat(100)}${']'.repeat(100)}}`);
  });

  it('refuses more than 10,000 keys before it parses them (T13)', () => {
    const spy = vi.spyOn(JSON, 'parse');
    const colliding = Array.from({ length: 100_000 }, (_, index) => `"${index * 65_536}":0`);
    expect(decodeRefusal(`{${colliding.join(',')}}`)).toContain('at most 10000');
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });

  it('says no more of a message than its length', () => {
    expect(decodeRefusal('{"a":"\u001b[31m')).toBe(
      '[ERR_MESSAGE_DECODE] Note of 11 bytes does not parse, expected JSON',
    );
  });
});

describe('a JSON message with a schema', () => {
  class Move extends jsonMessage(
    'Move',
    z.object({ x: z.number().max(7), tag: z.string().default('none') }),
  ) {}
  const moveType = typeOf(Move);

  it('is validated where it arrives, with defaults and transforms', () => {
    expect(decode('{"x":1,"other":2}', moveType)).toStrictEqual(new Move({ x: 1, tag: 'none' }));
    expect(decodeRefusal('{"x":8}', moveType)).toContain('Move does not fit its schema: x: ');
    expect(decodeRefusal('{"x":"1"}', moveType)).toContain('x: ');
    expect(moveType.fromAttributes({ x: '1' })).toBeInstanceOf(CableCarError);
  });

  it('is not validated where it is made and sent', () => {
    expect(encode(new Move({ x: 8 }), moveType)).toBe('{"x":8}');
  });

  function withSchema(validate: (value: unknown) => unknown): MessageType {
    const schema = { '~standard': { version: 1, vendor: 'test', validate } };
    return typeOf(jsonMessage('Schema', schema as unknown as StandardSchema<object, object>));
  }

  it('refuses what the schema throws, and what it makes if that is no object', () => {
    const throws = withSchema(() => {
      throw new Error('broken');
    });
    const result = decode('{}', throws) as CableCarError;
    expect(result.code).toBe('ERR_MESSAGE_DECODE');
    expect(result.cause).toEqual(new Error('broken'));
    decodeRefusal(
      '{}',
      withSchema(() => ({ value: 7 })),
    );
    decodeRefusal(
      '{}',
      withSchema(() => ({ value: { encodeAttributes: 1 } })),
    );
  });

  it('gives what the schema makes to decodeAttributes()', () => {
    class Size extends jsonMessage(
      'Size',
      z.object({ at: z.string().transform((t) => t.length) }),
    ) {
      override decodeAttributes(raw: { at: number }) {
        this.at = raw.at * 2;
      }
    }
    expect(decode('{"at":"four"}', typeOf(Size))).toMatchObject({ at: 8 });
  });

  it('shows little of what a schema has to say', () => {
    const issues = Array.from({ length: 50 }, () => ({
      message: 'm'.repeat(1000),
      path: ['p'.repeat(1000), { key: 'q' }],
    }));
    expect(
      decodeRefusal(
        '{}',
        withSchema(() => ({ issues })),
      ).length,
    ).toBeLessThan(400);
  });

  it('refuses what is no schema', () => {
    expect(() => jsonMessage('X', {} as StandardSchema<object, object>)).toThrow(
      'ERR_MESSAGE_DEFINITION',
    );
  });
});

describe("a message's own code", () => {
  const unhandled = vi.fn<(reason: unknown) => void>();
  beforeEach(() => {
    unhandled.mockClear();
    process.on('unhandledRejection', unhandled);
  });
  afterEach(() => void process.off('unhandledRejection', unhandled));

  it.each<[string, MessageType]>([
    [
      'an asynchronous schema',
      typeOf(
        jsonMessage('A', {
          '~standard': {
            version: 1,
            vendor: 'test',
            validate: () => Promise.reject(new Error('no')),
          },
        } satisfies StandardSchema<object, object>),
      ),
    ],
    [
      'an asynchronous decodeAttributes()',
      typeOf(
        class extends jsonMessage('B') {
          // oxlint-disable-next-line typescript/no-misused-promises -- the mistake in question
          override async decodeAttributes() {
            await Promise.reject(new Error('no'));
          }
        },
      ),
    ],
  ])('%s is refused, and its rejection ends nothing', async (_, type) => {
    const result = decode('{"x":1}', type) as CableCarError;
    expect(result.code).toBe('ERR_MESSAGE_DEFINITION');
    expect(result.message).toContain('expected it to be synchronous');
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('may throw, which refuses the message alone', () => {
    class Picky extends jsonMessage('Picky')<{ x?: number }> {
      override encodeAttributes(): object {
        throw new RangeError('not this one');
      }
      override decodeAttributes() {
        throw new RangeError('nor that one');
      }
    }
    expect(() => encode(new Picky(), typeOf(Picky))).toThrow('encodeAttributes() of Picky threw');
    const result = decode('{}', typeOf(Picky)) as CableCarError;
    expect(result.code).toBe('ERR_MESSAGE_DECODE');
    expect(result.cause).toEqual(new RangeError('nor that one'));
  });

  it.each([null, 'text', [1], new Date(0), Promise.resolve({})])(
    'encodeAttributes() may not give %o',
    (given) => {
      class Odd extends jsonMessage('Odd') {
        override encodeAttributes() {
          return given as object;
        }
      }
      expect(() => encode(new Odd(), typeOf(Odd))).toThrow('encodeAttributes() of Odd gave');
    },
  );
});

describe('defining a JSON message', () => {
  it.each([
    '',
    'x'.repeat(65),
    '𝄞'.repeat(64),
    'a\nb',
    'a\u001b[31m',
    'a\u202eb',
    'half \ud800',
    7,
    undefined,
  ])('refuses the name %j', (name) => {
    expect(() => jsonMessage(name as string)).toThrow('ERR_MESSAGE_DEFINITION');
  });

  it.each(['Move', 'x'.repeat(64), '𝄞'.repeat(63), 'constructor', '__proto__', 'a b'])(
    'takes the name %j',
    (name) => {
      const registry = new MessageRegistry([jsonMessage(name)]);
      expect(registry.byName(name)?.label).toBe(name);
    },
  );
});

function withoutNegativeZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutNegativeZero(each)]),
  );
}
