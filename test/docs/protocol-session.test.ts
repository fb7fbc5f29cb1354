import {
  byteMessage,
  ByteReader,
  ByteWriter,
  encodeCatalog,
  FRAME,
  FrameDecoder,
  jsonMessage,
  MessageRegistry,
  MsgIdentify,
  MsgQuit,
  readAck,
  readClose,
  readEcho,
  readOpen,
  writeAck,
  writeClose,
  writeEcho,
  writeFrame,
  writeOpen,
  writeParts,
  type FieldType,
  type Layout,
  type Message,
  type MessageClass,
} from '@cablecar/core-protocol';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const page = read('docs/protocol.md');
/** Sections 5 to 7. */
const text = page.slice(page.search(/^## 5 /m)).split(/^## (?=[89] |\d\d)/m)[0] ?? '';

/** Every example in hexadecimal digits, by the line before it. */
const examples = new Map(
  [...text.matchAll(/^(.+):\n\n```hex\n([^`]*)```$/gm)].map(([, title = '', hex = '']) => [
    title,
    bytesOf(hex),
  ]),
);

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Position extends byteMessage(0x10, {
  id: 'u8',
  x: 'i16',
  y: 'i16',
  heading: 'f32',
  name: 'string',
}) {}

const registry = new MessageRegistry([Chat, Position]);
const catalog = encodeCatalog(registry);

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

function bytesBy(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter();
  write(writer);
  return writer.copyItem().toString('hex');
}

/** Decodes one whole frame, and nothing after it. */
function frameIn(bytes: Buffer): { type: number; payload: Buffer } {
  const decoder = new FrameDecoder(1_048_576);
  decoder.push(bytes);
  expect(decoder.next()).toBe(true);
  expect(decoder.bufferedBytes).toBe(0);
  return { type: decoder.type, payload: decoder.bytes.subarray(decoder.start, decoder.end) };
}

type Read<Value> = (bytes: Uint8Array, start: number, end: number) => Value;

/** That a frame is of a type and its payload reads as a value, and that the value is written as the frame. */
function control<Value>(
  type: number,
  codec: { read: Read<Value | undefined>; write: (writer: ByteWriter, value: Value) => void },
  value: Value,
) {
  return (bytes: Buffer): void => {
    const seen = frameIn(bytes);
    expect(seen.type).toBe(type);
    const got = codec.read(seen.payload, 0, seen.payload.length);
    expect(JSON.stringify(got)).toBe(JSON.stringify(value));
    expect(bytesBy((writer) => codec.write(writer, value))).toBe(bytes.toString('hex'));
  };
}

const ackCodec = { read: readAck, write: writeAck };
const closeCodec = { read: readClose, write: writeClose };
const openCodec = { read: readOpen, write: writeOpen };
const echoCodec = (type: number) => ({
  read: readEcho,
  write: (writer: ByteWriter, token: number) => writeEcho(writer, type, token),
});

/** That a frame has a type and a payload, both ways. */
function frame(type: number, payload: string) {
  return (bytes: Buffer): void => {
    const got = frameIn(bytes);
    expect([got.type, got.payload.toString('hex')]).toEqual([type, payload]);
    expect(bytesBy((writer) => writeFrame(writer, type, bytesOf(payload)))).toBe(
      bytes.toString('hex'),
    );
  };
}

/** That a frame is a message, both ways. */
function message(expected: Message) {
  return (bytes: Buffer): void => {
    const { type, payload } = frameIn(bytes);
    const messageType = registry.types[type - 16];
    expect(messageType?.decode(payload, 0, payload.length)).toEqual(expected);
    expect(registry.typeOf(expected)).toBe(messageType);
    expect(bytesBy((writer) => messageType?.encode(expected, writer))).toBe(
      payload.toString('hex'),
    );
  };
}

/** That the last part of a message is this, where its payload ends with aa and bb. */
function lastPart(bytes: Buffer): void {
  const writer = new ByteWriter();
  writeFrame(writer, 16, Buffer.concat([new Uint8Array(66_559), bytesOf('aabb')]));
  const parts: string[] = [];
  writeParts(writer, writer.copyItem(), () => parts.push(writer.copyItem().toString('hex')));
  expect(parts).toHaveLength(2);
  expect(parts[1]).toBe(bytes.toString('hex'));
}

const position = new Position({ id: 7, x: -2, y: 300, heading: 0.5, name: 'Ada' });

/** What each example has to be. */
const EXPECTED: Readonly<Record<string, (bytes: Buffer) => void>> = {
  'A frame of type 16 without a payload': frame(16, ''),
  'A frame of type 16 with the payload aa bb': frame(16, 'aabb'),
  'A frame of type 300 with the payload ff': frame(300, 'ff'),
  'The header of a frame of type 16 with a payload of 200 bytes': (header) =>
    frame(16, '00'.repeat(200))(Buffer.concat([header, new Uint8Array(200)])),
  'PART. Behind that comes the rest, aa and bb': lastPart,
  'The first OPEN of an end with windows of 16,384 messages and 1,048,640 bytes, a maximum message of 1,048,576 bytes, and the catalog of §7.6':
    control(FRAME.OPEN, openCodec, {
      received: 0,
      grantedMessages: 16_384,
      grantedBytes: 1_048_640,
      maxMessageBytes: 1_048_576,
      catalog,
    }),
  'An ACK of 300 message frames, with credit for 16,684 and 1,055,000 bytes in all': control(
    FRAME.ACK,
    ackCodec,
    { received: 300, grantedMessages: 16_684, grantedBytes: 1_055_000 },
  ),
  'A PING with token 7': control(FRAME.PING, echoCodec(FRAME.PING), 7),
  'The PONG that answers it': control(FRAME.PONG, echoCodec(FRAME.PONG), 7),
  'A goodbye with the reason "closed"': control(FRAME.CLOSE, closeCodec, {
    code: 0,
    reason: 'closed',
  }),
  'A CLOSE that reports a fault, "[ERR_FLOW] too much"': control(FRAME.CLOSE, closeCodec, {
    code: 1,
    reason: '[ERR_FLOW] too much',
  }),
  'A Chat, the fifth type of its sender, with the attribute text "hi"': message(
    new Chat({ text: 'hi' }),
  ),
  "A Position { id: 'u8', x: 'i16', y: 'i16', heading: 'f32', name: 'string' } of 7, -2, 300, 0.5 and \"Ada\"":
    message(position),
  'A MsgIdentify, the first type of its sender, of the user "ada" on the host "lab"': message(
    new MsgIdentify({ username: 'ada', hostname: 'lab' }),
  ),
  'A MsgQuit, the fourth type of its sender': message(new MsgQuit()),
  'The catalog of an end with the built-in messages, the JSON type Chat, and the Position of §7.3 with the code 0x10':
    (bytes) => expect(bytes.toString('hex')).toBe(Buffer.from(catalog).toString('hex')),
};

/** The rows of the tables of a subsection, as cells without backticks. */
function rowsOf(section: string): string[][] {
  const start = text.indexOf(`### ${section} `);
  const part = text.slice(start, text.indexOf('\n##', start + 1) >>> 0);
  return [...part.matchAll(/^\|(.+)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** The FNV-1a hash as the page describes it. */
function fnv1a(words: string): number {
  let hash = 0x811c9dc5n;
  for (const byte of Buffer.from(words)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n;
  return Number(hash);
}

describe('the examples of docs/protocol.md, sections 5 to 7', () => {
  it('are all known here, and each has a line of its own that says what it is', () => {
    expect([...examples.keys()].toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
    expect(text.match(/```hex/g)).toHaveLength(examples.size);
  });

  it.each(Object.entries(EXPECTED))('decode: %s', (title, check) => {
    check(examples.get(title) ?? Buffer.alloc(0));
  });

  it('decode: the varints of §5.1', () => {
    const rows = rowsOf('5.1').flatMap(([number = '', hex = '']): [number, Buffer][] => {
      const value = number.startsWith('2<sup>53') ? 2 ** 53 - 1 : Number(number.replace(',', ''));
      return Number.isNaN(value) || number === '' ? [] : [[value, bytesOf(hex)]];
    });
    expect(rows).toHaveLength(8);
    for (const [value, bytes] of rows) {
      const reader = new ByteReader(bytes);
      expect(reader.varint()).toBe(value);
      expect(reader.finished()).toBe(true);
      expect(bytesBy((writer) => writer.varint(value))).toBe(bytes.toString('hex'));
    }
  });

  it('decode: the types of §7.3', () => {
    // For a layout that the compiler cannot know.
    const define = byteMessage as (code: number, layout: Layout) => MessageClass;
    const nested = { first: 'u8', second: 'bool' } as const;
    const values: Record<string, readonly [FieldType, ...unknown[]]> = {
      u8: ['u8', 255],
      u16: ['u16', 258],
      u32: ['u32', 16_909_060],
      i8: ['i8', -1],
      i16: ['i16', -2],
      i32: ['i32', -2],
      f32: ['f32', 0.5],
      f64: ['f64', 0.5],
      bool: ['bool', true],
      string: ['string', 'é'],
      bytes: ['bytes', Uint8Array.of(0xaa, 0xbb)],
      '{ array: T }': [{ array: 'u8' }, [7, 8]],
      '{ optional: T }': [{ optional: 'u8' }, undefined, 7],
      'a layout': [nested, { first: 7, second: true }],
    };
    const rows = rowsOf('7.3').slice(2);
    expect(rows.map(([type]) => type)).toEqual(Object.keys(values));
    for (const [name = '', , , shown = ''] of rows) {
      const [type, ...expected] = values[name] as [FieldType, ...unknown[]];
      const hexes = [...shown.matchAll(/: ((?:[0-9a-f]{2} ?)+)(?:;|$)/g)].map(([, hex]) => hex);
      expect(hexes).toHaveLength(expected.length);
      const [one] = new MessageRegistry([define(0x20, { value: type })]).types.slice(-1);
      for (const [index, value] of expected.entries()) {
        const bytes = bytesOf(hexes[index] ?? '');
        const got = one?.decode(bytes, 0, bytes.length);
        expect((got as { value?: unknown }).value).toEqual(value);
        expect(bytesBy((writer) => one?.encode(got as Message, writer))).toBe(
          bytes.toString('hex'),
        );
      }
    }
  });

  it('name the types of frames as §5.2 does', () => {
    const rows = rowsOf('5.2').filter(([, name = '']) => /^[A-Z_]+$/.test(name));
    expect(Object.fromEntries(rows.map(([type, name]) => [name, Number(type)]))).toEqual(FRAME);
  });

  it('have fingerprints made as §7.6 says', () => {
    const [, written = ''] = /Position of §7.3 has the text `([^`]+)`/.exec(text) ?? [];
    const fingerprints = registry.types.map(({ fingerprint }) => fingerprint);
    expect(fingerprints).toEqual([...Array(4).fill('byte'), 'json', written].map(fnv1a));
    class Deep extends byteMessage(0x30, {
      'a "b"': { optional: { array: { x: 'bool' } } },
      c: { d: 'u8', e: 'string' },
    }) {}
    const [deep] = new MessageRegistry([Deep]).types.slice(-1);
    expect(deep?.fingerprint).toBe(
      fnv1a('byte {"a \\"b\\"":?[{"x":bool}],"c":{"d":u8,"e":string}}'),
    );
  });
});
