import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { CableCarError } from '../errors/cablecar-error.ts';
import type { Greeting } from './greeting.ts';
import { decodeGreeting, encodeGreeting } from './greeting-codec.ts';

const GREETING: Greeting = {
  service: 'chess',
  id: '000102030405060708090a0b0c0d0e0f',
  epoch: 'f0f1f2f3f4f5f6f7',
  round: 2,
  link: 1,
  name: 'Ada',
  metadata: { level: 3 },
};

const FIXED = '43434152 01 01 000102030405060708090a0b0c0d0e0f f0f1f2f3f4f5f6f7 00000002 00000001';
const TEXTS = '05 6368657373 03 416461 0b 7b226c6576656c223a337d';

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

describe('a greeting on the wire (§3.2)', () => {
  test('has each field in its place', () => {
    expect(encodeGreeting(GREETING).toString('hex')).toBe(
      bytesOf(`${FIXED} ${TEXTS} 00`).toString('hex'),
    );
    expect(decodeGreeting(bytesOf(`${FIXED} ${TEXTS} 00`))).toEqual(GREETING);
  });

  test('may have extensions, which are skipped (§3.2(2))', () => {
    expect(decodeGreeting(bytesOf(`${FIXED} ${TEXTS} 05 0102030405`))).toEqual(GREETING);
  });

  test('may offer later versions beside this one', () => {
    const later = bytesOf(`${FIXED.replace('01 01', '01 07')} ${TEXTS} 00`);
    expect(decodeGreeting(later)).toEqual(GREETING);
  });
});

describe('decodeGreeting', () => {
  test.each([
    [2, 3],
    [0, 0],
  ])('versions %i to %i are another version, whatever follows (§3.2(1))', (lowest, highest) => {
    const payload = Buffer.from([...Buffer.from('CCAR'), lowest, highest, 0xff, 0xff]);
    const error = decodeGreeting(payload) as CableCarError;
    expect(error.code).toBe('ERR_VERSION_MISMATCH');
    expect(error.message).toContain(`versions ${lowest} to ${highest}`);
  });

  test.each([
    ['nothing', ''],
    ['another magic number', `44${FIXED.slice(2)} ${TEXTS} 00`],
    ['no versions', '43434152'],
    ['versions that end before they begin', '43434152 02 01'],
    ['no texts', FIXED],
    ['no extension area', `${FIXED} ${TEXTS}`],
    ['extensions that are cut', `${FIXED} ${TEXTS} 05 01`],
    ['a byte too many', `${FIXED} ${TEXTS} 00 00`],
    ['metadata that is no object', `${FIXED} 05 6368657373 03 416461 01 37 00`],
    ['more rounds than can have been', `${FIXED.replace('00000002', '80000000')} ${TEXTS} 00`],
    ['a service of 256 bytes', `${FIXED} 8002 ${'61'.repeat(256)} 03 416461 02 7b7d 00`],
  ])('finds %s malformed (§3.2(3))', (_, hex) => {
    expect(CableCarError.is(decodeGreeting(bytesOf(hex)), 'ERR_HANDSHAKE')).toBe(true);
  });

  test('cleans the name', () => {
    const greeting = decodeGreeting(encodeGreeting({ ...GREETING, name: '\u0000\u202e' }));
    expect(greeting).toMatchObject({ name: '00010203' });
  });

  prop.prop([fc.uint8Array({ maxLength: 4096 })])('never throws, whatever comes', (payload) => {
    decodeGreeting(payload);
    decodeGreeting(Buffer.concat([bytesOf(FIXED), payload]));
  });

  prop.prop([fc.nat(), fc.integer({ min: 0, max: 255 })])(
    'never throws when one byte is wrong',
    (at, byte) => {
      const payload = encodeGreeting(GREETING);
      payload[at % payload.length] = byte;
      decodeGreeting(payload);
    },
  );
});
