import { expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('the fingerprint of %j is its FNV-1a', (text, fingerprint) => {
  expect(fingerprintOf(text)).toBe(fingerprint);
});
