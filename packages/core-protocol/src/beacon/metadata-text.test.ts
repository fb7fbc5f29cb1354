import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { decodeMetadata, encodeMetadata } from './metadata-text.ts';

describe('decodeMetadata (§1.1(2))', () => {
  test.each([
    '',
    'null',
    '7',
    '"text"',
    '[]',
    '{',
    '{"a":1}x',
    '{"__proto__":{"a":1}}',
    '{"a":[{"constructor":1}]}',
    '{"a":{"prototype":1}}',
    '{"a":1e400}',
    `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`,
  ])('%j is no metadata', (text) => {
    expect(decodeMetadata(text)).toBeUndefined();
  });

  prop.prop([fc.string({ unit: 'binary' })])('never throws', (text) => {
    decodeMetadata(text);
  });
});

describe('encodeMetadata', () => {
  test.each([
    [null, 'null'],
    [[1], 'object'],
    [{ a: () => 1 }, 'a'],
    [{ a: Number.NaN }, 'NaN'],
    [{ a: new Date() }, 'a'],
    [JSON.parse('{"__proto__":1}'), '__proto__'],
  ])('%j cannot travel, and the error says why', (metadata, why) => {
    expect(() => encodeMetadata(metadata as never)).toThrow(why);
    expect(() => encodeMetadata(metadata as never)).toThrow('ERR_OPTION');
  });

  test('a cycle cannot travel', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => encodeMetadata(cycle)).toThrow('ERR_OPTION');
  });
});

const json = fc.dictionary(
  fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string())),
  { noNullPrototype: true },
);

prop.prop([json])('metadata comes back as it went', (metadata) => {
  expect(decodeMetadata(encodeMetadata(metadata))).toEqual(metadata);
});
