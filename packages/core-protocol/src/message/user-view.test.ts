import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { byteMessage } from './byte-message.ts';
import { jsonMessage } from './json-message.ts';
import type { Message, MessageClass } from './message.ts';
import { MessageRegistry } from './message-registry.ts';

class Cell {
  readonly column: number;
  readonly row: number;

  constructor(column: number, row: number) {
    this.column = column;
    this.row = row;
  }
}

// The classes of the user's view of messages, letter by letter; they must compile and run as they stand.
// JSON: any attributes of built-in types. The name travels, not the class's own name, so a minifier cannot break it.
class Chat extends jsonMessage('Chat')<{ text: string; tags?: string[] }> {}

// JSON with a schema (any Standard Schema library: zod, valibot, arktype …): the type is inferred, what arrives is validated.
// prettier-ignore
class Move extends jsonMessage('Move', z.object({ x: z.number(), y: z.number() })) {
  flipped() { return new Move({ x: 7 - this.x, y: 7 - this.y }); }
}

// Bytes: one-byte code (0x00–0xff) and a layout. Encoder and decoder are made from the layout; nothing to write by hand.
// prettier-ignore
class Position extends byteMessage(0x10, { id: 'u8', x: 'i16', y: 'i16', heading: 'f32', name: 'string' }) {}

// Bytes with your own encoding: override encode() and decode(), as in cable_car.
// prettier-ignore
class Identify extends byteMessage(0x11)<{ username: string; hostname: string }> {
  encode() { return Buffer.from(`${this.username}@${this.hostname}`); }
  decode(bytes: Uint8Array) { [this.username, this.hostname] = Buffer.from(bytes).toString().split('@') as [string, string]; }
}

// A message that is only its type.
class Ready extends byteMessage(0x12) {}

// JSON attributes that are not built-in types: map them out and back.
// prettier-ignore
class Place extends jsonMessage('Place')<{ cell: Cell }> {
  encodeAttributes() { return { cell: [this.cell.column, this.cell.row] }; }
  decodeAttributes(raw: { cell: [number, number] }) { this.cell = new Cell(...raw.cell); }
}

const classes: MessageClass[] = [Chat, Move, Position, Identify, Ready, Place];

/** What comes out at the other end, which has a registry of its own. */
function travel<Travelling extends Message>(message: Travelling): Travelling {
  const writer = new ByteWriter();
  const type = new MessageRegistry(classes).typeOf(message);
  type.encode(message, writer);
  const arrived = new MessageRegistry(classes).types[type.index]?.decode(
    writer.bytes,
    0,
    writer.length,
  );
  expect(arrived).toBeInstanceOf(message.constructor);
  return arrived as Travelling;
}

describe('messages as the user writes them', () => {
  it('carry JSON attributes of built-in types', () => {
    expect(travel(new Chat({ text: 'hi', tags: ['a'] }))).toStrictEqual(
      new Chat({ text: 'hi', tags: ['a'] }),
    );
    expect(Object.keys(travel(new Chat({ text: 'hi' })))).toEqual(['text']);
  });

  it('keep their methods', () => {
    expect(new Move({ x: 1, y: 1 }).x).toBe(1);
    expect(travel(new Move({ x: 1, y: 2 })).flipped()).toStrictEqual(new Move({ x: 6, y: 5 }));
  });

  it('carry the fields of a layout as bytes', () => {
    const position = new Position({ id: 7, x: -300, y: 300, heading: 0.5, name: 'Ada' });
    expect(travel(position)).toStrictEqual(position);
  });

  it('carry bytes of their own making', () => {
    const identify = new Identify({ username: 'ada', hostname: 'pc' });
    expect(travel(identify)).toStrictEqual(identify);
  });

  it('are only their type where there is nothing else to say', () => {
    expect(travel(new Ready())).toStrictEqual(new Ready());
  });

  it('map attributes that are not of built-in types', () => {
    const { cell } = travel(new Place({ cell: new Cell(3, 4) }));
    expect(cell).toBeInstanceOf(Cell);
    expect(cell).toEqual({ column: 3, row: 4 });
  });
});
