import { expect, test } from 'vitest';
import { serviceHash } from './service-hash.ts';

test.each([
  // The published vectors of 64-bit FNV-1a.
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('the hash of %j is that of 64-bit FNV-1a', (service, hash) => {
  expect(serviceHash(service)).toBe(hash);
});

test('a service name is hashed as UTF-8', () => {
  expect(serviceHash('é')).not.toBe(serviceHash('e'));
  expect(serviceHash('é')).toMatch(/^[0-9a-f]{16}$/);
});
