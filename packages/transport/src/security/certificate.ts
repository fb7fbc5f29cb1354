import { sign, type KeyObject } from 'node:crypto';
import { der } from './der.ts';
import { spkiOf } from './key-id.ts';

const ED25519 = der('sequence', der('objectId', Buffer.from([0x2b, 0x65, 0x70])));
const COMMON_NAME = Buffer.from([0x55, 0x04, 0x03]);
const NAME = der(
  'sequence',
  der('set', der('sequence', der('objectId', COMMON_NAME), der('utf8', 'cablecar'))),
);
/** For ever: what is believed is the key, and clocks of hosts may be wrong. */
const VALIDITY = der(
  'sequence',
  der('utcTime', '000101000000Z'),
  der('generalTime', '99991231235959Z'),
);
/** Before the bytes of a bit string: how many bits of the last one are not used. */
const WHOLE_BYTES = Buffer.from([0]);

/**
 * A certificate that says nothing but "this is my key", signed by that key: what TLS wants in order to carry one.
 * Only the encoding is made here; keys and signatures are the system's cryptography.
 */
export function selfSignedCertificate(publicKey: KeyObject, privateKey: KeyObject): string {
  const serial = der('integer', Buffer.from([1]));
  const content = der('sequence', serial, ED25519, NAME, VALIDITY, NAME, spkiOf(publicKey));
  const signature = der('bitString', WHOLE_BYTES, sign(null, content, privateKey));
  const base64 = der('sequence', content, ED25519, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}
