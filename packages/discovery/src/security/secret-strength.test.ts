import { describe, expect, test } from 'vitest';
import { generateSecret } from './generate-secret.ts';
import { secretStrength } from './secret-strength.ts';

describe('the strength of a secret', () => {
  test.each([
    '123456',
    '4711-0815',
    'password',
    'correct horse battery',
    'Tr0ub4dor',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'abcdefghijklmnopqrstuvwxyz',
    '12345678901234567890',
    'test test test test test',
    '                         ',
  ])('%j is not enough', (secret) => expect(secretStrength(secret)).toBeLessThan(50));

  test.each([
    'correct horse battery staple',
    'ruby-harvest-orbit-lantern',
    'k3Jx9QmT2z',
    'grüne Wolke über Zürich tanzt',
    '8f14e45fceea167a5a36dedd4bea2543',
  ])('%j is', (secret) => expect(secretStrength(secret)).toBeGreaterThanOrEqual(50));
});

test('a generated secret is more than strong enough, and another one each time', () => {
  const secrets = Array.from({ length: 1000 }, generateSecret);
  expect(new Set(secrets).size).toBe(1000);
  for (const secret of secrets) {
    expect(secret).toMatch(/^([0-9a-hj-km-np-tv-z]{5}-){3}[0-9a-hj-km-np-tv-z]{5}$/);
    expect(secretStrength(secret)).toBeGreaterThan(50);
  }
});
