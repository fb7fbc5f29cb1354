import type { CableCarError, Clock, Millis } from '@cablecar/core-protocol';

const ONE_EVERY_MS: Millis = 60_000;

/** Lets through one warning of each kind from each source in a minute, so that trouble that repeats stays readable. */
export class WarningLimit {
  readonly #clock: Clock;
  readonly #onWarning: (error: CableCarError) => void;
  readonly #lastAt = new Map<string, Millis>();

  constructor(clock: Clock, onWarning: (error: CableCarError) => void) {
    this.#clock = clock;
    this.#onWarning = onWarning;
  }

  /** Tells the warning unless the same code came from the same source within the last minute. */
  warn(source: string, error: CableCarError): void {
    const now = this.#clock.now();
    for (const [key, lastAt] of this.#lastAt) {
      if (now - lastAt >= ONE_EVERY_MS) this.#lastAt.delete(key);
    }
    const key = `${source} ${error.code}`;
    if (this.#lastAt.has(key)) return;
    this.#lastAt.set(key, now);
    this.#onWarning(error);
  }
}
