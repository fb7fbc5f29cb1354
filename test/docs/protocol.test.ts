import {
  decodeAcquaintances,
  decodeBeacon,
  decodeGreeting,
  decodeRejection,
  encodeAcquaintances,
  encodeBeacon,
  encodeGreeting,
  encodeRejection,
  FRAME,
  FrameDecoder,
  REJECTION_CODES,
  serviceHash,
  type Beacon,
  type Greeting,
  type Rejection,
} from '@cablecar/core-protocol';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../support/discovery/frame-of.ts';

const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
/** Sections 1 to 4. */
const text = page.slice(page.search(/^## 1 /m), page.search(/^## 5 /m));

/** Every example in hexadecimal digits, by the line before it. */
const examples = new Map(
  [...text.matchAll(/^(.+):\n\n```hex\n([^`]*)```$/gm)].map(([, title = '', hex = '']) => [
    title,
    Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'),
  ]),
);

const ADA = {
  id: '000102030405060708090a0b0c0d0e0f',
  epoch: 'f0f1f2f3f4f5f6f7',
  name: 'Ada',
  metadata: { level: 3 },
};
const ANNOUNCE: Beacon = {
  ...ADA,
  kind: 'announce',
  road: 'broadcast',
  serviceHash: serviceHash('chess'),
  port: 48_879,
};
const HELLO: Greeting = { ...ADA, service: 'chess', round: 0, link: 0 };
const WELCOME: Greeting = {
  id: '101112131415161718191a1b1c1d1e1f',
  epoch: 'e0e1e2e3e4e5e6e7',
  round: 3,
  link: 1,
  service: 'chess',
  name: 'Bob',
  metadata: {},
};
const REJECTION: Rejection = { code: 'ERR_SERVICE_MISMATCH', reason: "its service is 'go'" };

/** What each example decodes to, and that it is how this is encoded. */
const EXPECTED: Readonly<Record<string, (bytes: Buffer) => void>> = {
  'The announce of Ada, who belongs to the service chess, listens on port 48879 and shows the metadata {"level":3}':
    (bytes) => expectBeacon(bytes, ANNOUNCE),
  'The answer of the same program without name and metadata': (bytes) =>
    expectBeacon(bytes, { ...ANNOUNCE, kind: 'answer', name: undefined, metadata: undefined }),
  'Ada tells of one who sends beacons from 10.77.0.3, port 40000': (bytes) => {
    const { id, epoch } = ADA;
    const endpoints = [{ host: '10.77.0.3', port: 40_000 }];
    const said = { serviceHash: ANNOUNCE.serviceHash, id, epoch, endpoints };
    expect(decodeAcquaintances(bytes)).toEqual(said);
    expectBytes(bytes, encodeAcquaintances(said));
  },
  'The HELLO of Ada, who has not met this peer before': (bytes) => {
    expect(decodeGreeting(payloadOf(bytes, FRAME.HELLO))).toEqual(HELLO);
    expectBytes(bytes, frameOf(FRAME.HELLO, encodeGreeting(HELLO)));
  },
  'The WELCOME of Bob in the third round, who would go on with the link that began in the first': (
    bytes,
  ) => {
    expect(decodeGreeting(payloadOf(bytes, FRAME.WELCOME))).toEqual(WELCOME);
    expectBytes(bytes, frameOf(FRAME.WELCOME, encodeGreeting(WELCOME)));
  },
  'A REJECT with code 3 and the reason "its service is \'go\'"': (bytes) => {
    expect(decodeRejection(payloadOf(bytes, FRAME.REJECT))).toEqual(REJECTION);
    expectBytes(bytes, frameOf(FRAME.REJECT, encodeRejection(REJECTION)));
  },
  'A READY': (bytes) => {
    expect(payloadOf(bytes, FRAME.READY)).toHaveLength(0);
    expectBytes(bytes, frameOf(FRAME.READY));
  },
};

function expectBeacon(bytes: Buffer, beacon: Beacon): void {
  expect(decodeBeacon(bytes)).toEqual(beacon);
  expectBytes(bytes, encodeBeacon(beacon));
}

function expectBytes(bytes: Buffer, expected: Buffer): void {
  expect(bytes.toString('hex')).toBe(expected.toString('hex'));
}

/** The payload of the one frame that the bytes are. */
function payloadOf(bytes: Buffer, type: number): Buffer {
  const decoder = new FrameDecoder(4096);
  decoder.push(bytes);
  expect([decoder.next(), decoder.type, decoder.bufferedBytes]).toEqual([true, type, 0]);
  return decoder.bytes.subarray(decoder.start, decoder.end);
}

/** The rows of the tables of a section, cell by cell. */
function rowsOf(section: string): string[][] {
  const [, rest = ''] = text.split(`### ${section} `);
  const [body = ''] = rest.split(/^#{2,3} /m);
  return [...body.matchAll(/^\|(.+)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('the examples of docs/protocol.md, sections 1 to 4', () => {
  it('are all known here, and each has a line of its own that says what it is', () => {
    expect([...examples.keys()].toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
    expect(text.match(/```hex/g)).toHaveLength(examples.size);
  });

  it.each(Object.entries(EXPECTED))('decode: %s', (title, check) => {
    check(examples.get(title) ?? Buffer.alloc(0));
  });

  it('hash the services of §2.2', () => {
    const rows = rowsOf('2.2').slice(2);
    expect(rows.map(([service]) => service)).toEqual(['default', 'chess']);
    for (const [service = '', hash] of rows) expect(serviceHash(service)).toBe(hash);
  });

  it('number the codes of §3.3', () => {
    const rows = rowsOf('3.3').filter(([code = '']) => /^\d+$/.test(code));
    expect(rows.map(([code, , error]) => [Number(code), error])).toEqual(
      REJECTION_CODES.map((code, index) => [index + 1, code]),
    );
  });

  it('lay out beacon and greeting in the order and sizes of §2.1 and §3.2', () => {
    const sizes = (section: string): (number | string)[] =>
      rowsOf(section)
        .slice(2)
        .map(([, size = '']) => (size === 'a text' ? size : Number(size)));
    expect(sizes('2.1')).toEqual([4, 1, 1, 8, 16, 8, 2, 'a text', 'a text']);
    expect(sizes('3.2')).toEqual([4, 1, 1, 16, 8, 4, 4, 'a text', 'a text', 'a text', 'a text']);
  });
});
