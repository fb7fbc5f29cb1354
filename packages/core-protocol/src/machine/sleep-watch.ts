import type { Clock, Millis } from '../ports/clock.ts';

/** By so much the time of day has to run ahead; less is somebody setting the clock. */
const SLEEP_MS = 1_000;

/**
 * Tells whether the host slept: the time of day went on meanwhile and the monotonic clock did not. Setting the time of day
 * forward looks the same, so nothing may follow that would do harm then.
 */
export class SleepWatch {
  readonly #clock: Clock;
  #lead: Millis;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lead = this.#leadNow();
  }

  /** Whether the host slept since this was asked last. */
  hasSlept(): boolean {
    const before = this.#lead;
    this.#lead = this.#leadNow();
    return this.#lead - before > SLEEP_MS;
  }

  #leadNow(): Millis {
    return this.#clock.wallNow() - this.#clock.now();
  }
}
