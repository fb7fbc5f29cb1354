import { deepStrictEqual } from 'node:assert/strict';
import {
  byteMessage,
  jsonMessage,
  MessageRegistry,
  readClassicLine,
  writeClassicLine,
  ByteWriter,
  type Layout,
  type Message,
  type MessageClass,
  type MessageType,
} from '@cablecar/core-protocol';
import * as fc from 'fast-check';
import { z } from 'zod';
import { anyLayout, fieldValues } from '../support/any-layout.ts';
import { decoded, demandRefused, encoded, type Property } from './property.ts';

type AnyClass = new (fields: object) => Message;

class Note extends jsonMessage('Note')<Record<string, unknown>> {}

const MOVE = z.strictObject({
  unit: z.int().min(0).max(999),
  path: z.array(z.object({ x: z.number(), y: z.number() })).max(4),
  mood: z.enum(['calm', 'wild']),
  tag: z.string().max(8).optional(),
});

class Move extends jsonMessage('Move', MOVE) {}

const noteType = typeOf(Note);
const moveType = typeOf(Move);

/** Layouts by chance, each compiled once and filled again and again. */
const LAYOUTS = fc.sample(anyLayout, { numRuns: 300, seed: 1 }).map((layout) => {
  const messageClass = layoutClass(layout);
  return { messageClass, type: typeOf(messageClass), fields: fieldValues(layout) };
});
const layoutMessage = fc
  .constantFrom(...LAYOUTS)
  .chain(({ messageClass, type, fields }) =>
    fields.map((given) => ({ type, message: new messageClass(given) })),
  );

/** As keys they are refused, since they reach for a prototype; another property is not held up by them. */
const FORBIDDEN = /__proto__|constructor|prototype/;
const attributes = fc
  .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }), {
    maxKeys: 5,
    noNullPrototype: true,
  })
  .filter((given) => !FORBIDDEN.test(JSON.stringify(given)))
  .filter((given) => Object.keys(given).every((name) => !(name in Note.prototype)));

const move = fc.record(
  {
    unit: fc.integer({ min: 0, max: 999 }),
    path: fc.array(fc.record({ x: fc.integer(), y: fc.integer() }, { noNullPrototype: true }), {
      maxLength: 4,
    }),
    mood: fc.constantFrom('calm', 'wild'),
    tag: fc.string({ maxLength: 8 }),
  },
  { requiredKeys: ['unit', 'path', 'mood'], noNullPrototype: true },
);

/** Makes a field of a move what the schema forbids. */
const wrong = fc.oneof(
  fc.record({ unit: fc.oneof(fc.integer({ max: -1 }), fc.integer({ min: 1_000 }), fc.string()) }),
  fc.record({ path: fc.oneof(fc.string(), fc.array(fc.integer(), { minLength: 1 })) }),
  fc.record({ mood: fc.string().filter((mood) => mood !== 'calm' && mood !== 'wild') }),
  fc.record({ tag: fc.oneof(fc.integer(), fc.string({ minLength: 9 })) }),
  fc.record({ further: fc.integer() }),
);

function typeOf(messageClass: MessageClass): MessageType {
  return new MessageRegistry([messageClass]).types.find(
    ({ code, name }) => code === 0x10 || name === 'Note' || name === 'Move',
  ) as MessageType;
}

function layoutClass(layout: Layout): AnyClass {
  return class Sample extends (byteMessage(0x10, layout) as AnyClass) {};
}

/** As JSON has it: without negative zero. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** What every kind of message keeps. */
export const MESSAGE_PROPERTIES: readonly Property[] = [
  {
    name: 'a message of any layout arrives as it was, and neither shortened nor lengthened',
    percent: 15,
    check: fc.property(
      layoutMessage,
      fc.uint8Array({ minLength: 1, maxLength: 3 }),
      fc.nat(),
      ({ type, message }, more, at) => {
        const bytes = encoded(type, message);
        deepStrictEqual(decoded(type, bytes), message);
        if (bytes.length > 0) demandRefused(decoded(type, bytes.subarray(0, at % bytes.length)));
        demandRefused(decoded(type, Buffer.concat([bytes, more])));
      },
    ),
  },
  {
    name: 'a JSON message arrives as it was',
    percent: 15,
    check: fc.property(attributes, (given) => {
      const note = new Note(plain(given));
      deepStrictEqual(decoded(noteType, encoded(noteType, note)), note);
    }),
  },
  {
    name: 'a JSON message of the classic wire arrives as it was',
    percent: 10,
    check: fc.property(attributes, (given) => {
      const note = new Note(given);
      const writer = new ByteWriter();
      writeClassicLine(writer, 'Note', noteType.attributesOf(note));
      const line = writer.copyItem();
      const { name, attributes: read } = readClassicLine(line, 0, line.length - 1);
      deepStrictEqual([name, noteType.fromAttributes(read)], ['Note', note]);
    }),
  },
  {
    name: 'a message that fits its schema arrives, and one that does not is refused',
    percent: 20,
    check: fc.property(move, wrong, (fits, flaw) => {
      const message = new Move(fits);
      deepStrictEqual(decoded(moveType, encoded(moveType, message)), message);
      demandRefused(decoded(moveType, Buffer.from(JSON.stringify({ ...fits, ...flaw }))));
    }),
  },
];
