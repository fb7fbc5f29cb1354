import { describe, expectTypeOf, it } from 'vitest';
import type { CableCarError } from '../errors/cablecar-error.ts';
import { Emitter } from './emitter.ts';

type LineEvents = {
  ring: (times: number) => void;
  drop: () => void;
  warning: (error: CableCarError) => void;
};

class Line extends Emitter<LineEvents> {}

class Talk<Message> extends Emitter<{ message: (message: Message) => void; close: () => void }> {
  hear(message: Message): boolean {
    return this.deliver('message', message);
  }

  hearNothing(): void {
    // @ts-expect-error a message needs its argument
    this.deliver('message');
    // @ts-expect-error 'messages' is no event
    this.deliver('messages');
    // @ts-expect-error a number is no Message
    this.deliver('message', 1);
  }
}

interface Move {
  readonly column: number;
}

describe('the types of Emitter', () => {
  const line = new Line();
  const talk = new Talk<Move>();

  it('know the argument of each event', () => {
    line.on('ring', (times) => expectTypeOf(times).toEqualTypeOf<number>());
    line.once('warning', (error) => expectTypeOf(error).toEqualTypeOf<CableCarError>());
    line.addListener('drop', () => {});
    line.on('ring', () => {});
    expectTypeOf(line.listeners('ring')).toEqualTypeOf<((times: number) => void)[]>();
  });

  it('return the emitter itself, to chain calls', () => {
    expectTypeOf(line.on('drop', () => {})).toEqualTypeOf<Line>();
    expectTypeOf(talk.off('close', () => {}).once('close', () => {})).toEqualTypeOf<Talk<Move>>();
  });

  it('know the argument in a generic class', () => {
    talk.on('message', (message) => expectTypeOf(message).toEqualTypeOf<Move>());
    talk.emit('message', { column: 1 });
    expectTypeOf<typeof talk>().toHaveProperty('hear').parameter(0).toEqualTypeOf<Move>();
  });

  it('refuse events that there are not', () => {
    // @ts-expect-error no such event
    line.on('rings', () => {});
    // @ts-expect-error no such event
    line.off('error', () => {});
    // @ts-expect-error no such event
    talk.once('messages', () => {});
    // @ts-expect-error no such event
    talk.removeAllListeners('open');
    // @ts-expect-error no such event
    talk.listenerCount('open');
  });

  it('refuse listeners of another argument', () => {
    // @ts-expect-error a ring is a number
    line.on('ring', (times: string) => times);
    // @ts-expect-error a drop has no argument
    line.once('drop', (times: number) => times);
    // @ts-expect-error a message is a Move
    talk.on('message', (message: { row: number }) => message);
    // @ts-expect-error one argument only
    talk.on('message', (message: Move, second: number) => second);
  });

  it('refuse to emit another argument', () => {
    // @ts-expect-error a ring is a number
    line.emit('ring', 'once');
    // @ts-expect-error a ring has an argument
    line.emit('ring');
    // @ts-expect-error a message is a Move
    talk.emit('message', { row: 1 });
  });

  it("refuse the methods of Node's emitter that are not there", () => {
    // @ts-expect-error not there
    line.setMaxListeners(1);
    // @ts-expect-error not there
    line.getMaxListeners();
    // @ts-expect-error not there
    line.prependListener('drop', () => {});
    // @ts-expect-error not there
    line.prependOnceListener('drop', () => {});
    // @ts-expect-error not there
    line.rawListeners('drop');
  });

  it('keep what is for subclasses from others', () => {
    // @ts-expect-error protected
    line.deliver('drop');
    // @ts-expect-error protected
    line.willListen('drop');
    // @ts-expect-error protected
    line.listenerThrew('drop', new Error());
  });

  it('refuse events that are no functions', () => {
    // @ts-expect-error a listener is a function
    type Wrong = Emitter<{ ring: number }>;
    expectTypeOf<Wrong>().not.toBeNever();
  });
});
