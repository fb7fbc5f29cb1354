import { deepStrictEqual } from 'node:assert/strict';
import {
  byteMessage,
  ByteWriter,
  ClassicByteDecoder,
  ClassicJsonDecoder,
  FRAME,
  FrameDecoder,
  readAck,
  readClose,
  readEcho,
  readOpen,
  writeAck,
  writeClassicFrame,
  writeClose,
  writeEcho,
  writeFrame,
  writeOpen,
} from '@cablecar/core-protocol';
import { Messenger } from '@cablecar/messenger';
import { World } from '@cablecar/simulator';
import * as fc from 'fast-check';
import { linkPair } from '../support/link-pair.ts';
import { cut, type Property } from './property.ts';

/** What cuts a stream into frames, of any wire. */
type Decoder = FrameDecoder | ClassicByteDecoder | ClassicJsonDecoder;
type Frame = readonly [type: number, payload: string];

const MEBIBYTE = 2 ** 20;

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 })), {
  minLength: 1,
  maxLength: 8,
});
const payload = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('hex'));
const frames = (type: fc.Arbitrary<number>, most: number): fc.Arbitrary<Frame[]> =>
  fc.array(fc.tuple(type, payload(most)), { maxLength: 6 });
const word = fc.maxSafeNat();
const reasons = fc.string({ maxLength: 40, unit: fc.constantFrom('a', 'é', '漢', '\u{1f600}') });
const grant = fc.record(
  { received: word, grantedMessages: word, grantedBytes: word },
  { noNullPrototype: true },
);

/** What a decoder makes of a stream that comes in chunks. */
function framesOf(decoder: Decoder, chunks: readonly Uint8Array[]): readonly Frame[] {
  const found: Frame[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    while (decoder.next()) {
      const { type, bytes, start, end } = decoder;
      found.push([type, bytes.toString('hex', start, end)]);
    }
  }
  return found;
}

function written(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter(16);
  write(writer);
  return writer.copyItem();
}

/** The stream of frames that are written one by one. */
function streamOf(
  given: readonly Frame[],
  write: (writer: ByteWriter, type: number, payload: Uint8Array) => void,
): Buffer {
  return Buffer.concat(
    given.map(([type, hex]) => written((writer) => write(writer, type, Buffer.from(hex, 'hex')))),
  );
}

/** The payload of the one frame that is written. */
function payloadOf(write: (writer: ByteWriter) => void): Buffer {
  const [frame] = framesOf(new FrameDecoder(MEBIBYTE), [written(write)]);
  return Buffer.from(frame?.[1] ?? '', 'hex');
}

class Count extends byteMessage(0x20, { number: 'u32', more: 'bytes' }) {}

interface Talk {
  readonly seed: number;
  readonly chunks: readonly [number, number];
  readonly there: readonly number[];
  readonly back: readonly number[];
}

/** Has two messengers talk on a network that cuts as it likes, and gives what each has heard. */
async function converse({ seed, chunks, there, back }: Talk): Promise<readonly number[][]> {
  const network = { chunkBytes: chunks, windowBytes: 2_000 };
  const { world, ada, bob } = await linkPair(new World({ seed, network, transcript: false }));
  // Nothing is to wait for a heartbeat, which says again what was not heard.
  const patience = {
    heartbeatIntervalMs: 60_000,
    suspectAfterMs: 120_000,
    silenceTimeoutMs: 240_000,
  };
  const options = { messages: [Count], inboxMessages: 16, ...patience };
  const [a, b] = [new Messenger(ada, options), new Messenger(bob, options)];
  const sendAll = (by: Messenger<Count>, lengths: readonly number[]): void =>
    lengths.forEach((size, number) => by.send(new Count({ number, more: new Uint8Array(size) })));
  sendAll(a, there);
  sendAll(b, back);
  // Nobody reads at first, so that what each grants the other is used up.
  await world.run({ forMs: 50 });
  const heard: [atAda: number[], atBob: number[]] = [[], []];
  a.on('message', ({ number, more }) => heard[0].push(number, more.length));
  b.on('message', ({ number, more }) => heard[1].push(number, more.length));
  const isAllThere = (): boolean =>
    heard[0].length >= 2 * back.length && heard[1].length >= 2 * there.length;
  await world.runUntil(isAllThere, { withinMs: 30_000 });
  await world.runUntil(Promise.all([a.close(), b.close()]));
  return heard;
}

const said = (list: readonly number[]): number[] => list.flatMap((size, number) => [number, size]);
const talk = fc.record({
  seed: fc.nat(),
  chunks: fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 20, max: 500 })),
  there: fc.array(fc.nat(200), { maxLength: 80, size: 'max' }),
  back: fc.array(fc.nat(200), { maxLength: 80, size: 'max' }),
});

/** What every stream of bytes keeps, whatever it is cut into. */
export const STREAM_PROPERTIES: readonly Property[] = [
  {
    name: 'frames are the same wherever their stream is cut',
    percent: 14,
    check: fc.property(frames(fc.nat(16_383), 300), sizes, (given, cuts) => {
      const stream = streamOf(given, writeFrame);
      deepStrictEqual(framesOf(new FrameDecoder(MEBIBYTE), cut(stream, cuts)), given);
    }),
  },
  {
    name: 'any bytes come to the same end wherever they are cut',
    percent: 8,
    check: fc.property(fc.uint8Array({ maxLength: 200 }), sizes, (bytes, cuts) => {
      for (const make of [
        () => new FrameDecoder(200),
        () => new ClassicByteDecoder(),
        () => new ClassicJsonDecoder(50),
      ]) {
        const [whole, parts] = [make(), make()];
        deepStrictEqual(framesOf(parts, cut(bytes, cuts)), framesOf(whole, [bytes]));
        deepStrictEqual(parts.error?.code, whole.error?.code);
      }
    }),
  },
  {
    name: 'frames of the classic wire are the same wherever their stream is cut',
    percent: 8,
    check: fc.property(frames(fc.nat(255), 253), sizes, (given, cuts) => {
      const stream = streamOf(given, writeClassicFrame);
      deepStrictEqual(framesOf(new ClassicByteDecoder(), cut(stream, cuts)), given);
    }),
  },
  {
    name: 'control frames are read as they were written',
    percent: 8,
    check: fc.property(grant, fc.uint8Array({ maxLength: 60 }), reasons, (ack, catalog, reason) => {
      const open = payloadOf((writer) =>
        writeOpen(writer, { ...ack, maxMessageBytes: 1_024, catalog }),
      );
      const opened = readOpen(open, 0, open.length);
      deepStrictEqual(
        { ...opened, catalog: new Uint8Array(opened?.catalog ?? []) },
        { ...ack, maxMessageBytes: 1_024, catalog },
      );
      const told = payloadOf((writer) => writeAck(writer, ack));
      deepStrictEqual(readAck(told, 0, told.length), ack);
      const ping = payloadOf((writer) => writeEcho(writer, FRAME.PING, ack.received));
      deepStrictEqual(readEcho(ping, 0, ping.length), ack.received);
      const close = payloadOf((writer) => writeClose(writer, { code: 1, reason }));
      deepStrictEqual(readClose(close, 0, close.length), { code: 1, reason });
    }),
  },
  {
    name: 'two sessions hear all that was said, once and in order, whatever the network cuts',
    percent: 2,
    check: fc.asyncProperty(talk, async (given) => {
      deepStrictEqual(await converse(given), [said(given.back), said(given.there)]);
    }),
  },
];
