import type { Clock, Millis, Timer } from '@cablecar/core-protocol';

/** Node fires at once, with a warning, what is further away than this. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** setTimeout says when it is due; setImmediate, which comes after the sockets were polled, calls back. */
class SystemTimer implements Timer {
  readonly #due: Millis;
  readonly #callback: () => void;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(delayMs: Millis, callback: () => void) {
    this.#due = performance.now() + delayMs;
    this.#callback = callback;
    this.#arm(delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }

  #arm(delayMs: Millis): void {
    this.#timeout = setTimeout(() => this.#elapsed(), Math.min(delayMs, LONGEST_TIMEOUT_MS));
  }

  #elapsed(): void {
    // Node counts whole milliseconds and may be up to one early; a very long delay takes several rounds.
    const early = this.#due - performance.now();
    if (early > 0) this.#arm(early);
    else this.#immediate = setImmediate(this.#callback);
  }
}

let callbacks: (() => void)[] = [];

function endOfTurn(callback: () => void): void {
  if (callbacks.push(callback) === 1) process.nextTick(afterContinuations);
}

/** The microtask in between lets promise continuations of this turn come first, so that their writes join in. */
function afterContinuations(): void {
  queueMicrotask(afterAll);
}

function afterAll(): void {
  process.nextTick(runCallbacks);
}

function runCallbacks(): void {
  const due = callbacks;
  callbacks = [];
  for (const callback of due) {
    try {
      callback();
    } catch (thrown) {
      // One callback's defect must not keep the others from writing.
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}

/** The system's time behind the port `Clock`. Its timers keep the process running until they fire or are cancelled. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer: (delayMs, callback) => new SystemTimer(Math.max(0, delayMs), callback),
  endOfTurn,
};
