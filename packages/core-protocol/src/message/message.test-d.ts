import { describe, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { MsgIdentify, MsgJoin, type MsgQuit } from './builtin-messages.ts';
import { byteMessage } from './byte-message.ts';
import { jsonMessage } from './json-message.ts';
import type { Message, MessageClass, MessageOf } from './message.ts';
import { MessageRegistry } from './message-registry.ts';

class Chat extends jsonMessage('Chat')<{ text: string; tags?: string[] }> {}
class Ping extends jsonMessage('Ping') {}
class Move extends jsonMessage('Move', z.object({ x: z.number(), y: z.number() })) {
  flipped(): Move {
    return new Move({ x: 7 - this.x, y: 7 - this.y });
  }
}
class Position extends byteMessage(0x10, { id: 'u8', x: 'i16', heading: 'f32', name: 'string' }) {}
class Everything extends byteMessage(0x11, {
  flag: 'bool',
  blob: 'bytes',
  list: { array: 'u32' },
  maybe: { optional: 'string' },
  nested: { point: { x: 'f64', y: 'f64' }, label: { optional: { text: 'string' } } },
  grid: { array: { array: { optional: 'i8' } } },
}) {}
class Identify extends byteMessage(0x12)<{ username: string; hostname: string }> {}
class Ready extends byteMessage(0x13) {}

describe('the types of a JSON message', () => {
  test('attributes are those of the type argument', () => {
    expectTypeOf(new Chat({ text: 'hi' }).text).toEqualTypeOf<string>();
    expectTypeOf(new Chat({ text: 'hi', tags: [] }).tags).toEqualTypeOf<string[] | undefined>();
    expectTypeOf<ConstructorParameters<typeof Chat>>().toEqualTypeOf<
      [fields: { text: string; tags?: string[] }]
    >();
  });

  test('the constructor refuses what is missing, misspelt or of another type', () => {
    // @ts-expect-error text is missing
    void new Chat({});
    // @ts-expect-error the argument is missing
    void new Chat();
    // @ts-expect-error text is no number
    void new Chat({ text: 1 });
    // @ts-expect-error colour is no attribute
    void new Chat({ text: 'hi', colour: 'red' });
    // @ts-expect-error a message without attributes takes no argument
    void new Ping({ text: 'hi' });
    expectTypeOf<ConstructorParameters<typeof Ping>>().toEqualTypeOf<[]>();
  });

  test('a schema gives the attributes', () => {
    expectTypeOf(new Move({ x: 1, y: 2 }).x).toEqualTypeOf<number>();
    expectTypeOf(new Move({ x: 1, y: 2 }).flipped()).toEqualTypeOf<Move>();
    // @ts-expect-error y is missing
    void new Move({ x: 1 });
    // @ts-expect-error x is no text
    void new Move({ x: '1', y: 2 });
  });

  test('the constructor takes what goes into the schema, and properties are what comes out', () => {
    class Score extends jsonMessage(
      'Score',
      z.object({ at: z.string().transform((text) => text.length), points: z.number().default(0) }),
    ) {}
    const score = new Score({ at: 'noon' });
    expectTypeOf(score.at).toEqualTypeOf<number>();
    expectTypeOf(score.points).toEqualTypeOf<number>();
    // @ts-expect-error at goes in as text
    void new Score({ at: 5 });
  });

  test('a schema that has only optional attributes makes the argument optional', () => {
    class Hint extends jsonMessage('Hint', z.object({ text: z.string().optional() })) {}
    expectTypeOf(new Hint().text).toEqualTypeOf<string | undefined>();
  });

  test('a schema that is no object schema is refused', () => {
    // @ts-expect-error attributes are never a text
    jsonMessage('Text', z.string());
  });

  test('decodeAttributes() may say what it is given, and encodeAttributes() what it gives', () => {
    class Place extends jsonMessage('Place')<{ cell: Set<number> }> {
      override encodeAttributes(): { cell: number[] } {
        return { cell: [...this.cell] };
      }
      override decodeAttributes(raw: { cell: number[] }): void {
        this.cell = new Set(raw.cell);
      }
    }
    expectTypeOf(new Place({ cell: new Set() }).cell).toEqualTypeOf<Set<number>>();
    class Wrong extends jsonMessage('Wrong') {
      // @ts-expect-error attributes are an object
      override encodeAttributes(): string {
        return '';
      }
    }
    expectTypeOf<Wrong>().toExtend<Message>();
  });
});

describe('the types of a byte message', () => {
  test('a layout gives the attributes, without `as const`', () => {
    expectTypeOf<ConstructorParameters<typeof Position>>().toEqualTypeOf<
      [fields: { id: number; x: number; heading: number; name: string }]
    >();
    expectTypeOf<Position['name']>().toEqualTypeOf<string>();
  });

  test('every type of a layout has its type', () => {
    expectTypeOf<ConstructorParameters<typeof Everything>[0]>().toEqualTypeOf<{
      flag: boolean;
      blob: Uint8Array;
      list: number[];
      maybe?: string | undefined;
      nested: { point: { x: number; y: number }; label?: { text: string } | undefined };
      grid: (number | undefined)[][];
    }>();
  });

  test('the constructor refuses what is missing, misspelt or of another type', () => {
    // @ts-expect-error name is missing
    void new Position({ id: 1, x: 2, heading: 3 });
    // @ts-expect-error x is no text
    void new Position({ id: 1, x: '2', heading: 3, name: '' });
    // @ts-expect-error z is no field
    void new Position({ id: 1, x: 2, heading: 3, name: '', z: 4 });
  });

  test('a layout of optional fields makes the argument optional, one without fields takes none', () => {
    class Hint extends byteMessage(0x20, { text: { optional: 'string' } }) {}
    class Nothing extends byteMessage(0x21, {}) {}
    expectTypeOf(new Hint().text).toEqualTypeOf<string | undefined>();
    expectTypeOf(new Hint({ text: undefined }).text).toEqualTypeOf<string | undefined>();
    expectTypeOf<ConstructorParameters<typeof Nothing>>().toEqualTypeOf<[]>();
  });

  test('an unknown type in a layout is refused', () => {
    // @ts-expect-error there is no u64
    byteMessage(0x22, { id: 'u64' });
    // @ts-expect-error nor a list of them
    byteMessage(0x22, { id: { array: 'u64' } });
  });

  test('without a layout the attributes are those of the type argument, if there are any', () => {
    expectTypeOf(
      new Identify({ username: 'ada', hostname: 'pc' }).hostname,
    ).toEqualTypeOf<string>();
    expectTypeOf<ConstructorParameters<typeof Ready>>().toEqualTypeOf<[]>();
    // @ts-expect-error hostname is missing
    void new Identify({ username: 'ada' });
  });

  test('encode() and decode() may be overridden with the word `override` and without it', () => {
    class With extends byteMessage(0x23) {
      override encode(): Uint8Array {
        return super.encode();
      }
    }
    class Without extends byteMessage(0x23) {
      encode() {
        return super.encode();
      }
      decode(bytes: Uint8Array) {
        super.decode(bytes);
      }
    }
    expectTypeOf<With>().toExtend<Message>();
    expectTypeOf<Without>().toExtend<Message>();
    class Wrong extends byteMessage(0x23) {
      // @ts-expect-error bytes are not text
      override encode(): string {
        return '';
      }
    }
    expectTypeOf<Wrong>().toExtend<Message>();
  });
});

describe('the types of a list of classes', () => {
  test('two classes with the same attributes are two types, which instanceof tells apart', () => {
    class Steady extends byteMessage(0x14) {}
    class Cursor extends jsonMessage('Cursor')<{ x: number; y: number }> {}
    class Pixel extends jsonMessage('Pixel')<{ x: number; y: number }> {}
    expectTypeOf<Ready>().not.toExtend<Steady>();
    expectTypeOf<MsgJoin>().not.toExtend<MsgQuit>();
    const receive = (message: MessageOf<[typeof Cursor, typeof Pixel, typeof MsgJoin]>) => {
      if (message instanceof Cursor) expectTypeOf(message).toEqualTypeOf<Cursor>();
      else if (message instanceof Pixel) expectTypeOf(message).toEqualTypeOf<Pixel>();
      else expectTypeOf(message).toEqualTypeOf<MsgJoin>();
    };
    expectTypeOf(receive).toBeFunction();
  });

  test('an object that merely looks like a message is none', () => {
    const send = (message: Chat) => message;
    // @ts-expect-error it has the attributes, not the class
    send({ text: 'hi' });
  });

  test('MessageOf is the union of their messages', () => {
    const classes = [Move, Chat, Position] as const;
    expectTypeOf<MessageOf<typeof classes>>().toEqualTypeOf<Move | Chat | Position>();
    expectTypeOf<MessageOf<[typeof MsgIdentify, typeof MsgJoin]>>().toEqualTypeOf<
      MsgIdentify | MsgJoin
    >();
  });

  test('only message classes are classes of messages', () => {
    expectTypeOf<typeof Move>().toExtend<MessageClass>();
    expectTypeOf<typeof Ready>().toExtend<MessageClass>();
    void new MessageRegistry([Move, Chat, Position, Identify, Ready, MsgJoin]);
    // @ts-expect-error a Date does not travel
    void new MessageRegistry([Date]);
    // @ts-expect-error a message is no class
    void new MessageRegistry([new Ready()]);
  });

  test('the built-in MsgIdentify is filled in by default', () => {
    expectTypeOf(new MsgIdentify().username).toEqualTypeOf<string>();
    expectTypeOf(new MsgIdentify({ hostname: 'pc' }).hostname).toEqualTypeOf<string>();
    expectTypeOf<ConstructorParameters<typeof MsgJoin>>().toEqualTypeOf<[]>();
  });
});
