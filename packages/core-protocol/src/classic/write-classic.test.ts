import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { writeClassicFrame, writeClassicLine } from './write-classic.ts';

function line(attributes: object, name = 'Name'): string {
  const writer = new ByteWriter(16);
  writeClassicLine(writer, name, attributes);
  return writer.copyItem().toString('latin1');
}

function errorOf(run: () => unknown): CableCarError | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof CableCarError) return error;
    throw error;
  }
  return undefined;
}

describe('a line of the classic wire (§9.2(1))', () => {
  it('has compact separators, the attributes in their order and a newline', () => {
    expect(line({ b: 1, a: [true, null, { c: 'd' }] }, 'Move')).toBe(
      '["Move",{"b":1,"a":[true,null,{"c":"d"}]}]\n',
    );
    expect(line({})).toBe('["Name",{}]\n');
  });

  it('leaves out what is undefined', () => {
    expect(line({ a: undefined, b: { c: undefined, d: 1 } })).toBe('["Name",{"b":{"d":1}}]\n');
  });

  it('is all ASCII, escaped in lower case', () => {
    expect(line({ ü: 'é\u007f😀\ud800"\\/\n' }, 'Ä')).toBe(
      '["\\u00c4",{"\\u00fc":"\\u00e9\\u007f\\ud83d\\ude00\\ud800\\"\\\\/\\n"}]\n',
    );
  });

  it.each([
    [1, '1'],
    [-0, '-0.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53, '9007199254740992.0'],
    [2 ** 60, '1.152921504606847e+18'],
    [1e-5, '1e-05'],
    [1.5e-7, '1.5e-07'],
    [1e16, '1e+16'],
    [1e21, '1e+21'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [2n ** 64n, '18446744073709551616'],
    [-5n, '-5'],
  ])('writes the number %s as %s', (value, text) => {
    expect(line({ value })).toBe(`["Name",{"value":${text}}]\n`);
  });

  it('honours toJSON()', () => {
    const at = new Date(0);
    expect(line({ at })).toBe('["Name",{"at":"1970-01-01T00:00:00.000Z"}]\n');
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const endless = { toJSON: (): unknown => endless };
  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['undefined in a list', [undefined]],
    ['a map', { deep: [new Map()] }],
    ['a set', new Set()],
    ['bytes', Buffer.from('x')],
    ['a circle', circular],
    ['an endless toJSON()', endless],
    ['an integer that Python does not read', 10n ** 4300n],
    ['a toJSON() that throws', { toJSON: () => JSON.parse('{') as unknown }],
  ])('refuses %s, names the attribute, and leaves the writer as it was', (_, value) => {
    const writer = new ByteWriter();
    writer.u8(7);
    const error = errorOf(() => writeClassicLine(writer, 'Name', { fine: 1, wrong: value }));
    expect(error?.code).toBe('ERR_MESSAGE_ENCODE');
    expect(error?.message).toContain("'wrong' of 'Name'");
    expect(writer.length).toBe(1);
  });

  it('is at most 500 deep, the line itself included (§9.2(2))', () => {
    let value: unknown = [];
    for (let depth = 3; depth < 500; depth++) value = [value];
    expect(line({ value })).toContain('['.repeat(498));
    expect(errorOf(() => line({ value: [value] }))?.code).toBe('ERR_MESSAGE_ENCODE');
  });

  it.each(['__class__', '__dict__', '__weakref__', 'encoded', 'encoded_attributes', 'terminator'])(
    'refuses the attribute %s, which would break the message object in Python',
    (key) => {
      expect(errorOf(() => line({ [key]: 1 }))?.code).toBe('ERR_MESSAGE_ENCODE');
      expect(line({ inside: { [key]: 1 } })).toContain(key);
    },
  );
});

describe('a byte frame of the classic wire (§9.3)', () => {
  function frame(code: number, payload: Uint8Array): string {
    const writer = new ByteWriter(16);
    expect(writeClassicFrame(writer, code, payload)).toBe(payload.length + 2);
    return writer.copyItem().toString('hex');
  }

  it('counts its length byte and its code', () => {
    expect(frame(2, Buffer.alloc(0))).toBe('0202');
    expect(frame(0xff, Buffer.from([1, 2, 3]))).toBe('05ff010203');
    expect(frame(0, Buffer.alloc(253)).startsWith('ff00')).toBe(true);
  });

  it.each([-1, 256, 1.5, NaN])('has no code %s', (code) => {
    expect(errorOf(() => frame(code, Buffer.alloc(0)))?.code).toBe('ERR_MESSAGE_DEFINITION');
  });

  it('carries at most 253 bytes (§9.3(1))', () => {
    expect(errorOf(() => frame(1, Buffer.alloc(254)))?.code).toBe('ERR_MESSAGE_TOO_LARGE');
  });
});
