import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { FrameDecoder } from '../frame/frame-decoder.ts';
import { FRAME } from '../frame/frame-types.ts';
import {
  MAX_REASON_BYTES,
  readAck,
  readClose,
  readEcho,
  readOpen,
  writeAck,
  writeClose,
  writeEcho,
  writeOpen,
} from './control-frames.ts';

type Write = (writer: ByteWriter) => void;
type Read<Value> = (bytes: Uint8Array, start: number, end: number) => Value | undefined;

const readers = { readOpen, readEcho, readAck, readClose } satisfies Record<string, Read<unknown>>;

function frameOf(write: Write): { type: number; payload: Buffer } {
  const writer = new ByteWriter();
  write(writer);
  const decoder = new FrameDecoder(1_048_576);
  decoder.push(writer.copyItem());
  expect(decoder.next()).toBe(true);
  expect(decoder.bufferedBytes).toBe(0);
  return { type: decoder.type, payload: decoder.bytes.subarray(decoder.start, decoder.end) };
}

/** What is read from a frame, also from the middle of other bytes. */
function readBack<Value>(write: Write, read: Read<Value>): Value | undefined {
  const { payload } = frameOf(write);
  const surrounded = Buffer.concat([Buffer.alloc(3, 0xff), payload, Buffer.alloc(3, 0xff)]);
  return read(surrounded, 3, 3 + payload.length);
}

const closeReason = (reason: string): string | undefined =>
  readBack((writer) => writeClose(writer, { code: 0, reason }), readClose)?.reason;

const open = { received: 7, grantedMessages: 300, grantedBytes: 70_000, maxMessageBytes: 5_000 };

describe('control frames', () => {
  it.each([
    [
      FRAME.OPEN,
      (w) => writeOpen(w, { ...open, catalog: new Uint8Array([7]) }),
      '07ac02f0a204882701 07',
    ],
    [FRAME.PING, (w) => writeEcho(w, FRAME.PING, 300), 'ac02'],
    [FRAME.PONG, (w) => writeEcho(w, FRAME.PONG, 1), '01'],
    [
      FRAME.ACK,
      (w) => writeAck(w, { received: 5, grantedMessages: 200, grantedBytes: 0 }),
      '05c80100',
    ],
    [FRAME.CLOSE, (w) => writeClose(w, { code: 1, reason: 'bye' }), '0103627965'],
  ] satisfies [number, Write, string][])(
    'of type %d have their fields in order',
    (type, write, hex) => {
      expect(frameOf(write).type).toBe(type);
      expect(frameOf(write).payload.toString('hex')).toBe(hex.replace(' ', ''));
    },
  );

  test.prop(
    [
      fc.record({
        received: fc.maxSafeNat(),
        grantedMessages: fc.maxSafeNat(),
        grantedBytes: fc.maxSafeNat(),
        maxMessageBytes: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        catalog: fc.uint8Array({ maxLength: 300 }),
      }),
      fc.maxSafeNat(),
      fc.record({
        received: fc.maxSafeNat(),
        grantedMessages: fc.maxSafeNat(),
        grantedBytes: fc.maxSafeNat(),
      }),
      fc.nat(255),
    ],
    { seed: 31, numRuns: 200 },
  )('are read as they were written', (opening, token, ack, code) => {
    const opened = readBack((writer) => writeOpen(writer, opening), readOpen);
    expect(opened && { ...opened, catalog: new Uint8Array(opened.catalog) }).toEqual(opening);
    expect(readBack((writer) => writeEcho(writer, FRAME.PING, token), readEcho)).toBe(token);
    expect(readBack((writer) => writeAck(writer, ack), readAck)).toEqual(ack);
    const close = { code, reason: 'wörter' };
    expect(readBack((writer) => writeClose(writer, close), readClose)).toEqual(close);
  });

  it('are malformed at every length but their own', () => {
    const whole: [Write, Read<unknown>][] = [
      [(w) => writeOpen(w, { ...open, catalog: new Uint8Array(4) }), readOpen],
      [(w) => writeEcho(w, FRAME.PING, 2 ** 40), readEcho],
      [(w) => writeAck(w, { received: 300, grantedMessages: 300, grantedBytes: 300 }), readAck],
      [(w) => writeClose(w, { code: 0, reason: 'bye' }), readClose],
    ];
    for (const [write, read] of whole) {
      const { payload } = frameOf(write);
      expect(read(payload, 0, payload.length)).toBeDefined();
      for (let end = 0; end < payload.length; end++) expect(read(payload, 0, end)).toBeUndefined();
      if (read === readOpen) continue;
      const longer = Buffer.concat([payload, Buffer.from([0])]);
      expect(read(longer, 0, longer.length)).toBeUndefined();
    }
  });

  it('leave room after the catalog of OPEN for a later version', () => {
    const { payload } = frameOf((w) => writeOpen(w, { ...open, catalog: new Uint8Array([1, 2]) }));
    const longer = Buffer.concat([payload, Buffer.from('aabbcc', 'hex')]);
    expect(readOpen(longer, 0, longer.length)).toMatchObject(open);
    expect([...(readOpen(longer, 0, longer.length)?.catalog ?? [])]).toEqual([1, 2]);
  });

  it('refuse an OPEN that takes no frame of any size', () => {
    const opening = { ...open, maxMessageBytes: 0, catalog: new Uint8Array() };
    expect(readBack((writer) => writeOpen(writer, opening), readOpen)).toBeUndefined();
  });

  test.prop([fc.uint8Array({ maxLength: 200 }), fc.nat(10)], { seed: 32, numRuns: 2000 })(
    'make no reader throw, whatever their bytes are',
    (bytes, start) => {
      for (const read of Object.values(readers))
        read(bytes, Math.min(start, bytes.length), bytes.length);
    },
  );
});

describe('the reason of a CLOSE', () => {
  it('travels whole up to 123 bytes', () => {
    expect(closeReason('x'.repeat(MAX_REASON_BYTES))).toBe('x'.repeat(123));
    expect(closeReason(`${'x'.repeat(121)}é`)).toBe(`${'x'.repeat(121)}é`);
    expect(closeReason('')).toBe('');
  });

  it.each([
    ['one byte', 'x'.repeat(124), 'x'.repeat(123)],
    ['two bytes', `${'x'.repeat(122)}é`, 'x'.repeat(122)],
    ['three bytes', '€'.repeat(42), '€'.repeat(41)],
    ['three bytes, one too many', `x${'€'.repeat(41)}`, `x${'€'.repeat(40)}`],
    ['four bytes', '😀'.repeat(31), '😀'.repeat(30)],
    ['four bytes, one too many', `${'x'.repeat(120)}😀`, 'x'.repeat(120)],
    ['four bytes, three too many', `${'x'.repeat(122)}😀`, 'x'.repeat(122)],
  ])('is cut between two characters of %s', (_, reason, expected) => {
    expect(closeReason(reason)).toBe(expected);
  });

  test.prop([fc.string({ unit: 'binary', minLength: 30, maxLength: 400 })], {
    seed: 33,
    numRuns: 500,
  })('is the longest beginning that fits, and never broken', (reason) => {
    const { payload } = frameOf((writer) => writeClose(writer, { code: 0, reason }));
    const sent = payload.subarray(2).toString('utf8');
    expect(reason.startsWith(sent)).toBe(true);
    const next = String.fromCodePoint(...[reason.codePointAt(sent.length) ?? 0]);
    const whole = Buffer.byteLength(reason) <= MAX_REASON_BYTES;
    expect(sent === reason).toBe(whole);
    expect(whole || Buffer.byteLength(sent + next) > MAX_REASON_BYTES).toBe(true);
  });

  it('is refused where it is longer than 123 bytes', () => {
    const payload = Buffer.concat([Buffer.from([0, 124]), Buffer.alloc(124, 0x78)]);
    expect(readClose(payload, 0, payload.length)).toBeUndefined();
  });

  it('is cleaned of what a terminal would obey', () => {
    expect(closeReason('\u001b[2Jbye\n\u202egnp')).toBe('[2Jbyegnp');
  });
});
