import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Clock, Millis, Timer } from '../ports/clock.ts';
import { within } from './within.ts';

/** Time that moves when the test says so, and remembers which timers are set. */
class TestClock implements Clock {
  time = 0;
  readonly timers = new Map<() => void, Millis>();
  set = 0;

  now(): Millis {
    return this.time;
  }

  wallNow(): Millis {
    return this.time;
  }

  setTimer(delayMs: Millis, callback: () => void): Timer {
    this.set++;
    this.timers.set(callback, this.time + delayMs);
    return { cancel: () => void this.timers.delete(callback) };
  }

  endOfTurn(callback: () => void): void {
    queueMicrotask(callback);
  }

  moveTo(time: Millis): void {
    this.time = time;
    for (const [callback, due] of this.timers) {
      if (due > time) continue;
      this.timers.delete(callback);
      callback();
    }
  }
}

/** A promise with the means to settle it. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

/** A signal, and how many listeners it has. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  return {
    controller,
    signal,
    added: () => added.mock.calls.length,
    listening: () =>
      added.mock.calls.filter(
        ([type, listener]) =>
          !removed.mock.calls.some(([gone, other]) => gone === type && other === listener),
      ).length,
  };
}

const seenUnhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void seenUnhandled.push(reason);

/** What was rejected and heard by nobody while `act` ran and the turn after it. */
async function unhandledDuring(act: () => Promise<void>): Promise<unknown[]> {
  seenUnhandled.length = 0;
  process.on('unhandledRejection', onUnhandled);
  await act();
  await new Promise(setImmediate);
  return [...seenUnhandled];
}

afterEach(() => {
  process.off('unhandledRejection', onUnhandled);
});

describe('within', () => {
  it('gives what the promise gives', async () => {
    const clock = new TestClock();
    await expect(within(Promise.resolve(7), 'seven', { clock })).resolves.toBe(7);
    await expect(within(Promise.resolve(7), 'seven', { clock, timeoutMs: 5 })).resolves.toBe(7);
    expect(clock.timers.size).toBe(0);
  });

  it('rejects with what the promise rejects with', async () => {
    const clock = new TestClock();
    const reason = new Error('refused');
    await expect(within(Promise.reject(reason), 'it', { clock, timeoutMs: 5 })).rejects.toBe(
      reason,
    );
    expect(clock.timers.size).toBe(0);
  });

  it('rejects with ERR_TIMEOUT by the given clock', async () => {
    const clock = new TestClock();
    const settled = vi.fn<() => void>();
    const waiting = within(deferred().promise, 'the first peer', { clock, timeoutMs: 50_000 });
    waiting.catch(settled);
    expect([...clock.timers.values()]).toEqual([50_000]);
    clock.moveTo(49_999);
    await new Promise(setImmediate);
    expect(settled).not.toHaveBeenCalled();
    clock.moveTo(50_000);
    await expect(waiting).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
      origin: 'local',
      message: '[ERR_TIMEOUT] the first peer did not happen within 50000 ms, expected it to',
    });
    expect(clock.timers.size).toBe(0);
  });

  it('sets no timer without a timeout, or for an infinite one', async () => {
    const clock = new TestClock();
    await within(Promise.resolve(), 'it', { clock });
    await within(Promise.resolve(), 'it', { clock, timeoutMs: Infinity });
    expect(clock.set).toBe(0);
  });

  it.each([0, -1, -Infinity, NaN, '50', null])(
    'rejects with ERR_OPTION for a timeout of %s, and hears the promise nevertheless',
    async (timeoutMs) => {
      const clock = new TestClock();
      const { promise, reject } = deferred();
      const unhandled = await unhandledDuring(async () => {
        const options = { timeoutMs } as unknown as { timeoutMs: number };
        await expect(within(promise, 'it', { clock, ...options })).rejects.toMatchObject({
          code: 'ERR_OPTION',
          message: `[ERR_OPTION] timeoutMs is ${timeoutMs}, expected a number of milliseconds above 0`,
        });
        reject(new Error('nobody waits any more'));
      });
      expect(unhandled).toEqual([]);
      expect(clock.set).toBe(0);
    },
  );

  describe('with a signal', () => {
    it.each([new Error('enough'), 'a string', 0])(
      'rejects with its reason, unchanged: %s',
      async (reason) => {
        const clock = new TestClock();
        const { controller, signal, listening } = countedSignal();
        const waiting = within(deferred().promise, 'it', { clock, signal, timeoutMs: 50_000 });
        controller.abort(reason);
        await expect(waiting).rejects.toBe(reason);
        expect(clock.timers.size).toBe(0);
        expect(listening()).toBe(0);
      },
    );

    it("rejects with the platform's reason where none was given", async () => {
      const { controller, signal } = countedSignal();
      const waiting = within(deferred().promise, 'it', { clock: new TestClock(), signal });
      controller.abort();
      await expect(waiting).rejects.toBe(signal.reason);
      expect(signal.reason).toMatchObject({ name: 'AbortError' });
    });

    it('rejects at once when it was aborted before', async () => {
      const clock = new TestClock();
      const { controller, signal, listening } = countedSignal();
      controller.abort('before');
      await expect(
        within(deferred().promise, 'it', { clock, signal, timeoutMs: 50_000 }),
      ).rejects.toBe('before');
      expect(clock.timers.size).toBe(0);
      expect(listening()).toBe(0);
    });

    it('listens once, and has gone after success, failure and timeout', async () => {
      const clock = new TestClock();
      const { signal, added, listening } = countedSignal();
      for (const end of ['resolve', 'reject', 'timeout'] as const) {
        const { promise, resolve, reject } = deferred<void>();
        const before = added();
        const waiting = within(promise, 'it', { clock, signal, timeoutMs: 50_000 });
        expect(added()).toBe(before + 1);
        expect(listening()).toBe(1);
        if (end === 'resolve') resolve();
        else if (end === 'reject') reject(new Error('refused'));
        else clock.moveTo(clock.time + 50_000);
        await waiting.catch(() => {});
        expect(listening()).toBe(0);
        expect(clock.timers.size).toBe(0);
      }
    });

    it('hears a promise that rejects after all', async () => {
      const clock = new TestClock();
      const { controller, signal } = countedSignal();
      const first = deferred();
      const second = deferred();
      const unhandled = await unhandledDuring(async () => {
        const timedOut = within(first.promise, 'it', { clock, timeoutMs: 5 });
        clock.moveTo(5);
        await expect(timedOut).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
        first.reject(new Error('late'));
        controller.abort('before');
        await expect(within(second.promise, 'it', { clock, signal })).rejects.toBe('before');
        second.reject(new Error('late'));
      });
      expect(unhandled).toEqual([]);
    });
  });
});
