import { randomBytes } from 'node:crypto';
import { generateSecret } from 'cablecar';
import { expect, test } from 'vitest';
import { FROM_SOURCES } from '../support/from-sources.ts';
import { Program } from '../support/program.ts';
import type { Hidden } from './hidden.ts';

const hidden: Hidden = {
  secret: generateSecret(),
  otherSecret: generateSecret(),
  weakSecret: `weak${randomBytes(2).toString('hex')}`,
  key: `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n-----END PRIVATE KEY-----\n`,
  text: `looked-for-${randomBytes(9).toString('hex')}`,
};

test('no secret, key or message content is in any output, whatever goes wrong and however much is printed (T19)', async () => {
  const program = new Program('careless', [
    ...['env', 'DEBUG=*', 'NODE_DEBUG=net,tls,timer'],
    ...[...FROM_SOURCES, 'test/security/programs/careless.ts', JSON.stringify(hidden)],
  ]);
  try {
    await program.next(({ kind }) => kind === 'over', { timeoutMs: 90_000 });
    expect(await program.exited).toBe(0);
  } finally {
    await program.stop();
  }
  const output = program.complaints;
  // Everything that was to go wrong did.
  expect(CODES.filter((code) => !output.includes(code))).toEqual([]);
  // The log and the report were among it.
  for (const word of ['cablecar:peer', 'cablecar:warning', 'cablecar:lost', 'hasSecret: true'])
    expect(output).toContain(word);
  const [, base64 = ''] = hidden.key.split('\n');
  const { key: _, ...rest } = hidden;
  for (const [what, word] of Object.entries({ ...rest, base64 })) {
    const forms = formsOf(word);
    for (const form of forms) {
      const at = output.indexOf(form);
      expect(at < 0 ? '' : output.slice(at - 300, at + 60), what).toBe('');
    }
  }
}, 120_000);

/** A word as it may be printed: as text, as digits, and as a Buffer shows its first bytes. */
function formsOf(word: string): string[] {
  const bytes = Buffer.from(word);
  const hex = bytes.toString('hex');
  const shown = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0'));
  return [word, hex, shown.join(' '), bytes.toString('base64').slice(0, -4)];
}

const CODES = [
  'ERR_SECRET',
  'ERR_SECURITY_MODE',
  'ERR_WEAK_SECRET',
  'ERR_IDENTITY_FILE',
  'ERR_PRIVATE_FILE',
  'ERR_MESSAGE_ENCODE',
  'ERR_MESSAGE_TOO_LARGE',
  'ERR_MESSAGE_DECODE',
  'ERR_MESSAGE_UNKNOWN',
  'ERR_HANDSHAKE',
  'ERR_FRAME',
];
