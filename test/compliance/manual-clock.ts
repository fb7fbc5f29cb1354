import type { Clock, Millis, Timer } from '@cablecar/core-protocol';

interface Waiting {
  readonly at: Millis;
  readonly callback: () => void;
}

/** Time that goes on only when a test says so. */
export class ManualClock implements Clock {
  #now: Millis = 0;
  #waiting: Waiting[] = [];

  now(): Millis {
    return this.#now;
  }

  wallNow(): Millis {
    return this.#now;
  }

  setTimer(delayMs: Millis, callback: () => void): Timer {
    const waiting = { at: this.#now + delayMs, callback };
    this.#waiting.push(waiting);
    return {
      cancel: () => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
      },
    };
  }

  endOfTurn(callback: () => void): void {
    queueMicrotask(callback);
  }

  /** Lets time pass, timers firing in their order. */
  advance(ms: Millis): void {
    const until = this.#now + ms;
    for (;;) {
      const due = this.#waiting.filter(({ at }) => at <= until);
      const next = due.toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#waiting = this.#waiting.filter((one) => one !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = until;
  }
}
