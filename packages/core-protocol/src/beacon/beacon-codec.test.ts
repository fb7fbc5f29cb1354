import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { CableCarError } from '../errors/cablecar-error.ts';
import { BEACON_ROADS } from './beacon-road.ts';
import { MAX_BEACON_BYTES, type Beacon } from './beacon.ts';
import { decodeBeacon, encodeBeacon } from './beacon-codec.ts';

const BEACON: Beacon = {
  kind: 'announce',
  road: 'broadcast',
  serviceHash: '85944171f73967e8',
  id: '000102030405060708090a0b0c0d0e0f',
  epoch: 'f0f1f2f3f4f5f6f7',
  port: 0xbeef,
  name: 'Ada',
  metadata: { level: 3 },
};

const BEACON_HEX =
  '43434152 01 01 85944171f73967e8 000102030405060708090a0b0c0d0e0f f0f1f2f3f4f5f6f7 beef' +
  ' 03 416461 0b 7b226c6576656c223a337d';

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

/** The beacon's bytes with some of them replaced. */
function changed(at: number, ...bytes: number[]): Buffer {
  const datagram = encodeBeacon(BEACON);
  datagram.set(bytes, at);
  return datagram;
}

describe('a beacon on the wire (§2.1)', () => {
  test('has each field in its place', () => {
    expect(encodeBeacon(BEACON).toString('hex')).toBe(bytesOf(BEACON_HEX).toString('hex'));
    expect(decodeBeacon(bytesOf(BEACON_HEX))).toEqual(BEACON);
  });

  test.each([
    ['announce', 1],
    ['probe', 2],
    ['answer', 3],
    ['goodbye', 4],
  ] as const)('%s is kind %i', (kind, number) => {
    const datagram = encodeBeacon({ ...BEACON, kind });
    expect(datagram[5]).toBe(number);
    expect(decodeBeacon(datagram)).toEqual({ ...BEACON, kind });
  });

  test.each(BEACON_ROADS.map((road, number) => [road, number] as const))(
    'the road %s is %i, in the upper half of the kind',
    (road, number) => {
      const datagram = encodeBeacon({ ...BEACON, kind: 'probe', road });
      expect(datagram[5]).toBe((number << 4) | 2);
      expect(decodeBeacon(datagram)).toEqual({ ...BEACON, kind: 'probe', road });
    },
  );

  test('may leave out name and metadata', () => {
    const short: Beacon = { ...BEACON, name: undefined, metadata: undefined };
    expect(encodeBeacon(short)).toHaveLength(42);
    expect(decodeBeacon(encodeBeacon(short))).toEqual(short);
  });

  test('has room for 512 bytes and not one more (§2.1(1))', () => {
    const room = MAX_BEACON_BYTES - encodeBeacon({ ...BEACON, metadata: { a: '' } }).length - 1;
    const full = { ...BEACON, metadata: { a: 'x'.repeat(room) } };
    expect(encodeBeacon(full)).toHaveLength(512);
    expect(decodeBeacon(encodeBeacon(full))).toEqual(full);
    const tooFull = { ...BEACON, metadata: { a: 'x'.repeat(room + 1) } };
    expect(() => encodeBeacon(tooFull)).toThrow(/ERR_OPTION.*513 bytes.*at most 512/);
  });
});

describe('decodeBeacon', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a short datagram', Buffer.from('CCA')],
    ["cable_car's beacon", Buffer.from('BROADCAST')],
    ['another magic number', changed(0, 0x44)],
    ['a later version', changed(4, 2)],
    ['the magic number alone', Buffer.from('CCAR')],
  ])('takes %s for another program, without a word (§2.1(2))', (_, datagram) => {
    expect(decodeBeacon(datagram)).toBeUndefined();
  });

  test.each([
    ['a beginning alone', encodeBeacon(BEACON).subarray(0, 41)],
    ['the last byte missing', encodeBeacon(BEACON).subarray(0, -1)],
    ['a byte too many', Buffer.concat([encodeBeacon(BEACON), Buffer.from([0])])],
    ['a kind of 0', changed(5, 0)],
    ['a kind of 5', changed(5, 5)],
    ['a road of 6', changed(5, 0x61)],
    ['a name longer than the datagram', changed(40, 0x7f)],
    ['metadata that is no JSON', changed(45, 0x78)],
    [
      'metadata that is no object',
      bytesOf(BEACON_HEX.replace('0b 7b226c6576656c223a337d', '0137')),
    ],
    ['more than 512 bytes', Buffer.concat([encodeBeacon(BEACON), Buffer.alloc(512)])],
  ])('finds %s malformed (§2.1(3))', (_, datagram) => {
    expect(CableCarError.is(decodeBeacon(datagram), 'ERR_BEACON')).toBe(true);
  });

  test('cleans the name', () => {
    const beacon = decodeBeacon(encodeBeacon({ ...BEACON, name: '\u001b[2JAda\u202e' }));
    expect(beacon).toMatchObject({ name: '[2JAda' });
  });

  prop.prop([fc.uint8Array({ maxLength: 1500 })])('never throws, whatever comes', (datagram) => {
    decodeBeacon(datagram);
  });

  prop.prop([fc.uint8Array({ maxLength: 600 })])('never throws behind its own header', (tail) => {
    const header = encodeBeacon(BEACON).subarray(0, 5);
    const found = decodeBeacon(Buffer.concat([header, tail]));
    if (found !== undefined && !CableCarError.is(found)) expect(found.id).toHaveLength(32);
  });

  prop.prop([fc.nat(60), fc.integer({ min: 0, max: 255 })])(
    'never throws when one byte is wrong',
    (at, byte) => {
      const datagram = encodeBeacon(BEACON);
      datagram[at % datagram.length] = byte;
      decodeBeacon(datagram);
    },
  );
});
