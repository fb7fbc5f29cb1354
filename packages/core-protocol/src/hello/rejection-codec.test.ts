import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { decodeRejection, encodeRejection, REJECTION_CODES } from './rejection-codec.ts';

test('each code has its number (§3.3)', () => {
  const numbers = REJECTION_CODES.map((code) => [encodeRejection({ code, reason: '' })[0], code]);
  expect(numbers).toEqual([
    [1, 'ERR_HANDSHAKE'],
    [2, 'ERR_VERSION_MISMATCH'],
    [3, 'ERR_SERVICE_MISMATCH'],
    [4, 'ERR_SELF'],
    [5, 'ERR_DUPLICATE_LINK'],
    [6, 'ERR_REFUSED'],
    [7, 'ERR_LIMIT'],
    [8, 'ERR_IDENTITY'],
    [9, 'ERR_SECRET'],
    [10, 'ERR_UNTRUSTED'],
  ]);
});

test.each(REJECTION_CODES)('%s comes back with its reason', (code) => {
  const rejection = { code, reason: "its service is 'chess'" };
  expect(decodeRejection(encodeRejection(rejection))).toEqual(rejection);
});

test('a code of a later version counts as being refused (§3.3(1))', () => {
  expect(decodeRejection(Uint8Array.of(99, 2, 0x68, 0x69))).toEqual({
    code: 'ERR_REFUSED',
    reason: 'hi',
  });
});

test('a reason is cleaned and cut at both ends (§3.3(1))', () => {
  const long = `\u001b[2J${'😀'.repeat(500)}`;
  const { reason } = decodeRejection(encodeRejection({ code: 'ERR_LIMIT', reason: long }));
  expect([...reason]).toHaveLength(120);
  expect(reason.startsWith('[2J😀')).toBe(true);
});

prop.prop([fc.uint8Array({ maxLength: 600 })])('never throws, whatever comes', (payload) => {
  expect(REJECTION_CODES).toContain(decodeRejection(payload).code);
});
