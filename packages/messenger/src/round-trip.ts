import type { Millis } from '@cablecar/core-protocol';

/** Round-trip times of a link in milliseconds; undefined before the first. */
export interface RoundTripStats {
  /** The latest. */
  readonly lastMs: number | undefined;
  /** The running mean: an eighth of each new one, as TCP does it. */
  readonly smoothedMs: number | undefined;
  readonly minimumMs: number | undefined;
  /** The running mean of the deviation from the mean: a quarter of each new one. */
  readonly jitterMs: number | undefined;
}

/** Measures round trips by numbered pings, one at a time. */
export class RoundTrip {
  #token = 0;
  #sentAt: Millis | undefined;
  #stats: RoundTripStats = {
    lastMs: undefined,
    smoothedMs: undefined,
    minimumMs: undefined,
    jitterMs: undefined,
  };

  get stats(): RoundTripStats {
    return this.#stats;
  }

  /** Begins a measurement and returns the token for the ping; a measurement under way is given up. */
  ping(now: Millis): number {
    this.#sentAt = now;
    return ++this.#token;
  }

  /** Ends the measurement, if the token is its. */
  pong(token: number, now: Millis): void {
    if (token !== this.#token || this.#sentAt === undefined) return;
    const lastMs = now - this.#sentAt;
    this.#sentAt = undefined;
    const { smoothedMs, minimumMs = lastMs, jitterMs = lastMs / 2 } = this.#stats;
    this.#stats = {
      lastMs,
      minimumMs: Math.min(minimumMs, lastMs),
      smoothedMs: smoothedMs === undefined ? lastMs : smoothedMs + (lastMs - smoothedMs) / 8,
      jitterMs:
        smoothedMs === undefined
          ? jitterMs
          : jitterMs + (Math.abs(lastMs - smoothedMs) - jitterMs) / 4,
    };
  }
}
