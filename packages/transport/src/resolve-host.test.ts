import { expect, test } from 'vitest';
import { resolveHost } from './resolve-host.ts';

test('an address is its own, a name has those that the system knows, IPv4 first', async () => {
  expect(await resolveHost('127.0.0.9')).toEqual(['127.0.0.9']);
  expect((await resolveHost('localhost'))[0]).toBe('127.0.0.1');
});

test('a name that nobody has is told by its own code', async () => {
  await expect(resolveHost('nobody.invalid')).rejects.toThrow(/ERR_HOST_UNKNOWN.*nobody\.invalid/);
});
