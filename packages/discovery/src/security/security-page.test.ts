import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeBeacon } from '@cablecar/core-protocol';
import { nodeTransport } from '@cablecar/transport';
import { describe, expect, test } from 'vitest';
import { Proofs } from './proofs.ts';
import { SealedBeacons } from './sealed-beacons.ts';

const page = readFileSync(new URL('../../../../docs/security.md', import.meta.url), 'utf8');

/** The digits behind the line that begins so. */
function vector(title: string): Buffer {
  const [, hex = ''] =
    new RegExp(`^${title}[^\n]*:\n\n\`\`\`hex\n([^\`]*)\`\`\`$`, 'm').exec(page) ?? [];
  expect(hex, title).not.toBe('');
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

const dialler = vector('A public key');
const acceptor = vector('The public key of the acceptor');
const keys = Buffer.concat([dialler, acceptor]);
const whole = Buffer.concat([keys, vector('The exporter')]);
const [, text = '', service = ''] = /^The secret "(.+)" of the service (\w+)/m.exec(page) ?? [];

// The digits of the page were not made by this library, but by Python's hashlib and hmac, and by its cryptography.
describe('docs/security.md has, as they are,', async () => {
  const secret = await nodeTransport().stretch(text, service);
  const peer = (...bindings: Buffer[]): { id: string; bindings: Buffer[] } => ({
    id: '',
    bindings,
  });

  test('the id of a key', () => {
    const hash = createHash('sha256').update(dialler).digest();
    expect(vector('The id of who holds it').equals(hash.subarray(0, 16))).toBe(true);
  });

  test('the proofs of both ends', () => {
    for (const [role, title] of [
      ['dialler', "The dialler's proof"],
      ['acceptor', "The acceptor's proof"],
    ] as const) {
      const proof = new Proofs(secret, role, peer(whole, keys)).make();
      expect(Buffer.from(proof).toString('hex')).toBe(vector(title).toString('hex'));
    }
  });

  test('the proof of a runtime without exporter, which is taken and answered in kind', () => {
    const bare = vector("The dialler's proof from a runtime");
    expect(Buffer.from(new Proofs(secret, 'dialler', peer(keys)).make()).equals(bare)).toBe(true);
    const other = new Proofs(secret, 'acceptor', peer(whole, keys));
    other.take(bare);
    const answer = new Proofs(secret, 'acceptor', peer(keys)).make();
    expect([other.isProven, Buffer.from(other.make()).equals(Buffer.from(answer))]).toEqual([
      true,
      true,
    ]);
  });

  test('a sealed beacon (§2.6)', () => {
    const sealed = new SealedBeacons(secret, () => {});
    const beacon = sealed.open(vector('The announce of'), { host: '10.0.0.1', port: 1 });
    expect(decodeBeacon(beacon as Uint8Array)).toMatchObject({ kind: 'announce', name: 'Ada' });
  });
});
