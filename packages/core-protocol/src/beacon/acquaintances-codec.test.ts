import { fc, test as prop } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { CableCarError } from '../errors/cablecar-error.ts';
import {
  decodeAcquaintances,
  encodeAcquaintances,
  isAcquaintances,
  MAX_ACQUAINTANCES,
  type Acquaintances,
} from './acquaintances-codec.ts';
import { decodeBeacon } from './beacon-codec.ts';

const SAID: Acquaintances = {
  serviceHash: '85944171f73967e8',
  id: '000102030405060708090a0b0c0d0e0f',
  epoch: 'f0f1f2f3f4f5f6f7',
  endpoints: [
    { host: '10.77.0.3', port: 40_000 },
    { host: '192.168.1.255', port: 1024 },
  ],
};

test('acquaintances have each field in its place, and are no beacon (§2.7)', () => {
  const bytes = encodeAcquaintances(SAID);
  expect(bytes.toString('hex')).toBe(
    '43434152010585944171f73967e8000102030405060708090a0b0c0d0e0ff0f1f2f3f4f5f6f7' +
      '020a4d00039c40c0a801ff0400',
  );
  expect(isAcquaintances(bytes)).toBe(true);
  expect(decodeAcquaintances(bytes)).toEqual(SAID);
  expect(CableCarError.is(decodeBeacon(bytes), 'ERR_BEACON')).toBe(true);
});

test('no more than thirty-two are named, whoever says more (§2.7(1))', () => {
  const endpoints = Array.from({ length: 40 }, (_, n) => ({ host: `10.0.0.${n}`, port: 2000 + n }));
  const bytes = encodeAcquaintances({ ...SAID, endpoints });
  expect(decodeAcquaintances(bytes)).toMatchObject({
    endpoints: endpoints.slice(0, MAX_ACQUAINTANCES),
  });
  const more = Buffer.concat([bytes, Buffer.alloc(6)]);
  more[38] = MAX_ACQUAINTANCES + 1;
  expect(CableCarError.is(decodeAcquaintances(more), 'ERR_BEACON')).toBe(true);
});

test('what is cut or too long is malformed, wherever it is cut (§2.7(1))', () => {
  const bytes = encodeAcquaintances(SAID);
  for (let end = 6; end < bytes.length; end++) {
    const cut = decodeAcquaintances(bytes.subarray(0, end));
    expect(CableCarError.is(cut, 'ERR_BEACON'), `${end} bytes`).toBe(true);
  }
  const long = Buffer.concat([bytes, Buffer.alloc(1)]);
  expect(CableCarError.is(decodeAcquaintances(long), 'ERR_BEACON')).toBe(true);
});

prop.prop([fc.uint8Array({ maxLength: 600 })])('never throws behind its own header', (tail) => {
  decodeAcquaintances(Buffer.concat([encodeAcquaintances(SAID).subarray(0, 6), tail]));
});
