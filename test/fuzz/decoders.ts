import {
  BEACON_ROADS,
  ByteWriter,
  CableCarError,
  ClassicByteDecoder,
  ClassicJsonDecoder,
  decodeBeacon,
  decodeGreeting,
  encodeBeacon,
  encodeCatalog,
  encodeGreeting,
  FrameDecoder,
  matchCatalog,
  readClassicLine,
  writeClassicFrame,
  writeClassicLine,
  writeFrame,
  type Beacon,
  type Greeting,
} from '@cablecar/core-protocol';
import type { Prng } from '@cablecar/simulator';
import { cut } from './mutate.ts';
import { json, registry, sample, text } from './samples.ts';
import { demand, demandRemote, type Target } from './target.ts';

const MAX_FRAME_BYTES = 4_096;
const KINDS = ['announce', 'probe', 'answer', 'goodbye'] as const;
const hex = (prng: Prng, bytes: number): string => Buffer.from(prng.bytes(bytes)).toString('hex');

function written(write: (writer: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return Buffer.from(writer.bytes.subarray(0, writer.length));
}

export function greeting(prng: Prng): Greeting {
  return {
    service: 'fuzz',
    id: hex(prng, 16),
    epoch: hex(prng, 8),
    round: prng.below(100),
    link: prng.below(100),
    name: 'ada',
    metadata: { level: prng.below(10) },
  };
}

const beacon = (prng: Prng): Beacon => ({
  kind: KINDS[prng.below(KINDS.length)] as Beacon['kind'],
  road: BEACON_ROADS[prng.below(BEACON_ROADS.length)] as Beacon['road'],
  serviceHash: hex(prng, 8),
  id: hex(prng, 16),
  epoch: hex(prng, 8),
  port: 1_024 + prng.below(60_000),
  name: 'ada',
  metadata: { level: prng.below(10) },
});

const frames: Target = {
  name: 'frames',
  valid: (prng) =>
    written((writer) => {
      for (let count = prng.below(5); count >= 0; count--) {
        writeFrame(
          writer,
          prng.below(200),
          prng.bytes(prng.below(prng.below(20) === 0 ? 300 : 20)),
        );
      }
    }),
  run(bytes, prng, isValid) {
    const decoder = new FrameDecoder(MAX_FRAME_BYTES);
    let read = 0;
    for (const chunk of cut(bytes, prng)) {
      decoder.push(chunk);
      while (decoder.next()) read += decoder.frameBytes;
    }
    demandRemote(decoder.error);
    demand(isValid, read === bytes.length, 'a stream of frames');
  },
};

/** The first byte says of which type the rest is. */
const payloads: Target = {
  name: 'messages',
  valid(prng) {
    const message = sample(prng);
    const type = registry.typeOf(message);
    return written((writer) => {
      writer.u8(type.index);
      type.encode(message, writer);
    });
  },
  run(bytes, _, isValid) {
    const type = registry.types[(bytes[0] ?? 0) % registry.types.length];
    const message = type?.decode(bytes, Math.min(1, bytes.length), bytes.length);
    if (CableCarError.is(message)) demandRemote(message);
    else if (type && !(message instanceof type.messageClass))
      throw new Error('no instance of its class');
    demand(isValid, !CableCarError.is(message), 'a message');
    if (Object.keys(Object.prototype).length > 0) throw new Error('Object.prototype was changed');
  },
};

const beacons: Target = {
  name: 'beacons',
  valid: (prng) => encodeBeacon(beacon(prng)),
  run(bytes, _, isValid) {
    const decoded = decodeBeacon(bytes);
    if (CableCarError.is(decoded)) demandRemote(decoded);
    demand(isValid, decoded !== undefined && !CableCarError.is(decoded), 'a beacon');
  },
};

const greetings: Target = {
  name: 'greetings',
  valid: (prng) => encodeGreeting(greeting(prng)),
  run(bytes, _, isValid) {
    const decoded = decodeGreeting(bytes);
    if (CableCarError.is(decoded)) demandRemote(decoded);
    demand(isValid, !CableCarError.is(decoded), 'a greeting');
  },
};

const catalogs: Target = {
  name: 'catalogs',
  valid: () => Buffer.from(encodeCatalog(registry)),
  run(bytes, _, isValid) {
    const match = matchCatalog(registry, bytes);
    if (CableCarError.is(match)) demandRemote(match);
    demand(isValid, !CableCarError.is(match) && match.problems.length === 0, 'a catalog');
  },
};

const classicLines: Target = {
  name: 'classic lines',
  valid: (prng) =>
    written((writer) => {
      for (let count = prng.below(3); count >= 0; count--) {
        writeClassicLine(writer, 'Chat', { text: text(prng), tags: json(prng, 3) });
      }
    }),
  run(bytes, prng, isValid) {
    const decoder = new ClassicJsonDecoder(MAX_FRAME_BYTES);
    let lines = 0;
    for (const chunk of cut(bytes, prng)) {
      decoder.push(chunk);
      while (decoder.next()) {
        try {
          readClassicLine(decoder.bytes, decoder.start, decoder.end);
          lines++;
        } catch (thrown) {
          demandRemote(thrown); // the one decoder that throws; its caller expects that
        }
      }
    }
    demandRemote(decoder.error);
    demand(isValid, lines > 0, 'a line');
  },
};

const classicFrames: Target = {
  name: 'classic frames',
  valid: (prng) =>
    written((writer) => {
      for (let count = prng.below(5); count >= 0; count--) {
        writeClassicFrame(writer, prng.below(256), prng.bytes(prng.below(30)));
      }
    }),
  run(bytes, prng, isValid) {
    const decoder = new ClassicByteDecoder();
    let read = 0;
    for (const chunk of cut(bytes, prng)) {
      decoder.push(chunk);
      while (decoder.next()) read += decoder.frameBytes;
    }
    demandRemote(decoder.error);
    demand(isValid, read === bytes.length, 'a stream of classic frames');
  },
};

/** What turns bytes into something, and nothing else. */
export const DECODERS: readonly Target[] = [
  frames,
  payloads,
  beacons,
  greetings,
  catalogs,
  classicLines,
  classicFrames,
];
