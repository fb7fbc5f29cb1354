import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeTransport } from '../node-transport.ts';
import { selfSignedCertificate } from './certificate.ts';
import { keyId, spkiOf } from './key-id.ts';

const { identify } = nodeTransport();

describe('a certificate', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const pem = selfSignedCertificate(publicKey, privateKey);

  test('is 210 bytes that carry the key, signed by it', () => {
    const certificate = new X509Certificate(pem);
    expect(certificate.raw).toHaveLength(210);
    expect(certificate.verify(publicKey)).toBe(true);
    expect(certificate.publicKey.equals(publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=cablecar');
  });

  test('is valid whatever the clock says', () => {
    const { validFrom, validTo } = new X509Certificate(pem);
    expect([validFrom, validTo]).toEqual(['Jan  1 00:00:00 2000 GMT', 'Dec 31 23:59:59 9999 GMT']);
  });

  test('is read by another implementation of ASN.1 without complaint', () => {
    const read = execFileSync('openssl', ['x509', '-noout', '-text'], { input: pem }).toString();
    expect(read).toContain('Signature Algorithm: ED25519');
  });
});

test('an id is the beginning of the hash of the key', () => {
  // The public key of RFC 8032, test 1; its hash by Python's hashlib.
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
  const spki = spkiOf(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }));
  expect(spki.toString('hex').slice(0, 24)).toBe('302a300506032b6570032100');
  expect(keyId(spki)).toBe('06e3fd8fda29bb60ab59557de61edb0a');
});

describe('an identity that is kept', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cablecar-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is the same the next time, in a file that nobody else may read', () => {
    const path = join(folder, 'ada.id');
    const { id } = identify(path);
    expect(identify(path).id).toBe(id);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['ada.id']);
  });

  test.each([0o640, 0o604, 0o660, 0o622])('is refused with mode %o', (mode) => {
    const path = join(folder, 'ada.id');
    identify(path);
    chmodSync(path, mode);
    expect(() => identify(path)).toThrow(/ERR_PRIVATE_FILE.*expected 600/);
  });

  test.each([
    ['nothing', ''],
    ['something else', 'hello'],
    [
      'a key of another kind',
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    ],
  ])('is refused where the file holds %s', (_, text) => {
    const path = join(folder, 'ada.id');
    writeFileSync(path, text, { mode: 0o600 });
    expect(() => identify(path)).toThrow(/ERR_IDENTITY_FILE/);
  });

  test('is refused where there is no such folder', () => {
    expect(() => identify(join(folder, 'none', 'ada.id'))).toThrow(/ERR_SYSTEM/);
  });
});
