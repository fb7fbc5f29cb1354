import { afterEach, describe, expect, it, vi } from 'vitest';
import { CableCarError } from '../errors/cablecar-error.ts';
import { Emitter, type EventMap } from './emitter.ts';

type LineEvents = {
  ring: (times: number) => void;
  drop: () => void;
  warning: (error: CableCarError) => void;
};

/** Makes the inner calls of an emitter public. */
class Line<Events extends EventMap = LineEvents> extends Emitter<Events> {
  tell<Name extends keyof Events>(event: Name, ...values: Parameters<Events[Name]>): boolean {
    return this.deliver(event, ...values);
  }
}

class Strict extends Line {
  protected override willListen(event: keyof LineEvents): void {
    if (event === 'ring') throw new CableCarError('ERR_CONCURRENT_READ', 'a ring, expected none');
  }
}

/** Every method that the types promise. */
const METHODS = [
  'on',
  'once',
  'off',
  'addListener',
  'removeListener',
  'removeAllListeners',
  'emit',
  'eventNames',
  'listeners',
  'listenerCount',
] as const satisfies readonly (keyof Emitter<LineEvents>)[];

function makeLine() {
  const line = new Line();
  const log: string[] = [];
  const listener = (name: string) => (times: number) => void log.push(`${name} ${times}`);
  return { line, log, listener };
}

/** Catches what would become an uncaught exception. */
function catchUncaught(): unknown[] {
  const uncaught: unknown[] = [];
  vi.spyOn(globalThis, 'queueMicrotask').mockImplementation((callback) => {
    try {
      callback();
    } catch (thrown) {
      uncaught.push(thrown);
    }
  });
  return uncaught;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('Emitter', () => {
  it.each(METHODS)('has the method %s that its types promise', (name) => {
    expect(typeof new Line()[name]).toBe('function');
  });

  it('calls listeners in the order in which they were added, with the argument', () => {
    const { line, log, listener } = makeLine();
    line.on('ring', listener('a')).addListener('ring', listener('b')).once('ring', listener('c'));
    expect(line.tell('ring', 2)).toBe(true);
    expect(line.tell('ring', 3)).toBe(true);
    expect(log).toEqual(['a 2', 'b 2', 'c 2', 'a 3', 'b 3']);
  });

  it('is `this` to its listeners', () => {
    const { line } = makeLine();
    const listener = vi.fn<() => void>();
    line.on('drop', listener);
    line.tell('drop');
    expect(listener.mock.contexts[0]).toBe(line);
  });

  it('answers whether anybody listened', () => {
    const { line, listener } = makeLine();
    expect(line.tell('ring', 1)).toBe(false);
    line.once('ring', listener('a'));
    expect(line.tell('ring', 1)).toBe(true);
    expect(line.tell('ring', 1)).toBe(false);
  });

  it('does not call a listener any more that was taken off', () => {
    const { line, log, listener } = makeLine();
    const [a, b, c] = [listener('a'), listener('b'), listener('c')];
    line.on('ring', a).on('ring', b).once('ring', c);
    line.off('ring', a);
    line.removeListener('ring', c);
    line.tell('ring', 1);
    expect(log).toEqual(['b 1']);
    expect(line.listeners('ring')).toEqual([b]);
  });

  it('takes off all listeners of one event, or of all', () => {
    const { line, listener } = makeLine();
    const drop = vi.fn<() => void>();
    line.on('ring', listener('a')).once('ring', listener('b')).on('drop', drop);
    line.removeAllListeners('ring');
    expect(line.eventNames()).toEqual(['drop']);
    line.on('ring', listener('a')).removeAllListeners();
    expect(line.eventNames()).toEqual([]);
    expect([line.listenerCount('ring'), line.tell('drop')]).toEqual([0, false]);
    expect(drop).not.toHaveBeenCalled();
  });

  it('tells by emit() as well', () => {
    const { line, log, listener } = makeLine();
    line.on('ring', listener('a'));
    expect(line.emit('ring', 4)).toBe(true);
    expect(log).toEqual(['a 4']);
  });

  describe('while it delivers', () => {
    it('calls those who listened when it began', () => {
      const { line, log, listener } = makeLine();
      const b = listener('b');
      line.once('ring', () => line.off('ring', b).on('ring', listener('c')));
      line.on('ring', b);
      line.tell('ring', 1);
      line.tell('ring', 2);
      expect(log).toEqual(['b 1', 'c 2']);
    });

    it('calls a once() listener once, also when one before it delivers the same event again', () => {
      const { line, log, listener } = makeLine();
      line.once('ring', (times) => void line.tell('ring', times + 1));
      line.once('ring', listener('once'));
      line.on('ring', listener('on'));
      line.tell('ring', 1);
      expect(log).toEqual(['on 2', 'once 1', 'on 1']);
    });

    it('lets a once() listener listen once more', () => {
      const { line, log } = makeLine();
      const again = (times: number): void => {
        log.push(`${times}`);
        line.once('ring', again);
      };
      line.once('ring', again);
      for (const times of [1, 2, 3]) line.tell('ring', times);
      expect(log).toEqual(['1', '2', '3']);
    });

    it('takes off the once() of a listener that was added by on() as well', () => {
      const { line, log, listener } = makeLine();
      const a = listener('a');
      line.on('ring', a).once('ring', a);
      line.tell('ring', 1);
      line.tell('ring', 2);
      expect(log).toEqual(['a 1', 'a 1', 'a 2']);
    });
  });

  describe('when a listener throws', () => {
    const defect = new Error('a defect');
    const failing = (): never => {
      throw defect;
    };

    it('calls the others, and tells of it as a warning (T24)', () => {
      const uncaught = catchUncaught();
      const { line, log, listener } = makeLine();
      const warnings: CableCarError[] = [];
      line.on('ring', listener('a')).on('ring', failing).on('ring', listener('b'));
      line.on('warning', (error) => void warnings.push(error));
      expect(line.tell('ring', 1)).toBe(true);
      expect(log).toEqual(['a 1', 'b 1']);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]?.code).toBe('ERR_LISTENER');
      expect(warnings[0]?.message).toContain("'ring'");
      expect(warnings[0]?.cause).toBe(defect);
      expect(uncaught).toEqual([]);
    });

    it('makes it an uncaught exception after the delivery where nobody listens to warnings', () => {
      const microtasks: (() => void)[] = [];
      vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(
        (task) => void microtasks.push(task),
      );
      const { line, log, listener } = makeLine();
      line.on('ring', failing).on('ring', listener('b'));
      expect(line.tell('ring', 1)).toBe(true);
      expect(log).toEqual(['b 1']);
      expect(microtasks).toHaveLength(1);
      expect(microtasks[0]).toThrow(defect);
    });

    it('makes an uncaught exception of what a listener of warnings throws, and warns no more', () => {
      const uncaught = catchUncaught();
      const { line } = makeLine();
      const warned = vi.fn<() => void>(failing);
      line.on('warning', warned).on('ring', failing);
      line.tell('ring', 1);
      expect(warned).toHaveBeenCalledTimes(1);
      expect(uncaught).toEqual([defect]);
    });

    it('treats a rejected promise of a listener the same', async () => {
      const uncaught = catchUncaught();
      const { line } = makeLine();
      const rejecting: unknown = () => Promise.reject(defect);
      line.on('ring', rejecting as () => void);
      const warning = new Promise<CableCarError>((resolve) => line.once('warning', resolve));
      line.tell('ring', 1);
      const error = await warning;
      expect([error.code, error.cause]).toEqual(['ERR_LISTENER', defect]);
      expect(uncaught).toEqual([]);
      line.tell('ring', 2);
      await new Promise(setImmediate);
      expect(uncaught).toEqual([defect]);
    });
  });

  describe('a subclass that is asked before', () => {
    it.each(['on', 'once', 'addListener'] as const)('may refuse a listener at %s()', (method) => {
      const line = new Strict();
      expect(() => line[method]('ring', () => {})).toThrow(
        expect.objectContaining({ code: 'ERR_CONCURRENT_READ' }),
      );
      expect(line.listenerCount('ring')).toBe(0);
      expect(line[method]('drop', () => {})).toBe(line);
      expect(line.listenerCount('drop')).toBe(1);
    });
  });
});
