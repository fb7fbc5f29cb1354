import { byteMessage, type CableCarError, jsonMessage, type Link } from '@cablecar/core-protocol';
import { connect } from 'node:net';
import { describe, expectTypeOf, it } from 'vitest';
import type { MessengerClose } from './events.ts';
import { GameLoopAdapter } from './game-loop-adapter.ts';
import { gameLoop } from './game-loop.ts';
import { Messenger } from './messenger.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Move extends jsonMessage('Move')<{ x: number }> {
  flipped(): Move {
    return new Move({ x: -this.x });
  }
}
class Position extends byteMessage(0x10, { x: 'i16', y: 'i16' }) {}
class Stranger extends jsonMessage('Stranger')<{ words: string[] }> {}

declare const link: Link;

// Compiled, and never called.
const make = () => new Messenger(link, { messages: [Chat, Move, Position] });
const messenger = null as unknown as ReturnType<typeof make>;

describe('the types of Messenger', () => {
  it('come from the list of classes', () => {
    expectTypeOf(make).returns.toEqualTypeOf<Messenger<Chat | Move | Position>>();
  });

  it('are those of any message where there is no list', () => {
    const any = () => new Messenger(link);
    expectTypeOf(any).returns.toEqualTypeOf<Messenger>();
  });

  it('take a link or any stream', () => {
    const overSocket = () => new Messenger(connect(1), { messages: [Chat] });
    expectTypeOf(overSocket).returns.toEqualTypeOf<Messenger<Chat>>();
    // @ts-expect-error a host is no link
    const wrong = () => new Messenger('localhost', { messages: [Chat] });
    expectTypeOf(wrong).toBeFunction();
  });

  it('refuse what is no message class, and options that there are not', () => {
    // @ts-expect-error a Date is no message
    const date = () => new Messenger(link, { messages: [Date] });
    // @ts-expect-error a message is no class
    const instance = () => new Messenger(link, { messages: [new Chat({ text: '' })] });
    // @ts-expect-error there is no such option
    const option = () => new Messenger(link, { messages: [Chat], maxFrame: 1 });
    // @ts-expect-error a number of bytes is no text
    const value = () => new Messenger(link, { messages: [Chat], maxMessageBytes: '1' });
    // @ts-expect-error there is no such wire
    const wire = () => new Messenger(link, { messages: [Chat], wire: 'morse' });
    expectTypeOf([date, instance, option, value, wire]).toBeArray();
  });

  it('send messages of the list and no others', () => {
    const send = (): boolean => messenger.send(new Position({ x: 1, y: 2 }));
    expectTypeOf(send).returns.toBeBoolean();
    // @ts-expect-error a Stranger is not in the list
    const stranger = () => messenger.send(new Stranger({ words: [] }));
    // @ts-expect-error a plain object has no methods
    const plain = () => messenger.send({ x: 1 });
    // @ts-expect-error y is missing
    const incomplete = () => messenger.send(new Position({ x: 1 }));
    // @ts-expect-error text is no number
    const wrong = () => messenger.send(new Chat({ text: 1 }));
    // @ts-expect-error z is no field
    const unknown = () => messenger.send(new Position({ x: 1, y: 2, z: 3 }));
    expectTypeOf([stranger, plain, incomplete, wrong, unknown]).toBeArray();
  });

  it('know what each event brings', () => {
    const listen = () => {
      messenger.on('message', (message) => {
        expectTypeOf(message).toEqualTypeOf<Chat | Move | Position>();
        if (message instanceof Move) expectTypeOf(message.flipped()).toEqualTypeOf<Move>();
      });
      messenger.on('close', (close) => expectTypeOf(close).toEqualTypeOf<MessengerClose>());
      messenger.on('warning', (error) => expectTypeOf(error).toEqualTypeOf<CableCarError>());
      messenger.once('drain', () => {});
    };
    expectTypeOf(listen).toBeFunction();
  });

  it('refuse events that there are not, and listeners of another argument', () => {
    const wrong = () => {
      // @ts-expect-error no such event
      messenger.on('messages', () => {});
      // @ts-expect-error nothing ever emits 'error'
      messenger.on('error', () => {});
      // @ts-expect-error a message is no text
      messenger.on('message', (message: string) => message);
      // @ts-expect-error a drain brings nothing
      messenger.once('drain', (bytes: number) => bytes);
      // @ts-expect-error of the three only one is expected
      messenger.on('message', (message: Chat) => message);
    };
    expectTypeOf(wrong).toBeFunction();
  });

  it('give the same messages through every door', () => {
    type Known = Chat | Move | Position;
    expectTypeOf(messenger).toExtend<AsyncIterable<Known>>();
    expectTypeOf<typeof messenger.messages>().returns.toEqualTypeOf<AsyncIterableIterator<Known>>();
    expectTypeOf<typeof messenger.batches>().returns.toEqualTypeOf<
      AsyncIterableIterator<Known[]>
    >();
    const adapt = () => new GameLoopAdapter(messenger);
    expectTypeOf(adapt).returns.toEqualTypeOf<GameLoopAdapter<Known>>();
    expectTypeOf<GameLoopAdapter<Known>['get']>().returns.toEqualTypeOf<Known | null>();
    expectTypeOf<GameLoopAdapter<Known>['xfer']>().returns.toBeBoolean();
    // @ts-expect-error a Stranger is not in the list
    const stranger = (line: GameLoopAdapter<Known>) => line.send(new Stranger({ words: [] }));
    expectTypeOf(stranger).toBeFunction();
  });

  it('say what a frame is told and may answer', () => {
    const loop = () =>
      gameLoop({ hz: 60 }, (frame) => {
        expectTypeOf(frame.number).toBeNumber();
        return frame.number < 10;
      });
    expectTypeOf(loop).returns.toEqualTypeOf<Promise<void>>();
    // @ts-expect-error a text is no answer
    const wrong = () => gameLoop({}, () => 'go on');
    // @ts-expect-error there is no such option
    const option = () => gameLoop({ fps: 60 }, () => {});
    expectTypeOf([wrong, option]).toBeArray();
  });
});
