import { createHistogram, type Histogram, type RecordableHistogram } from 'node:perf_hooks';
import type { RoundTripStats } from './round-trip.ts';

/** The round trips of a session as a distribution, in microseconds. */
export class RoundTripHistogram {
  readonly #histogram: RecordableHistogram = createHistogram();
  #latest: RoundTripStats;

  /** Begins after the round trip that is the latest now. */
  constructor(latest: RoundTripStats) {
    this.#latest = latest;
  }

  get histogram(): Histogram {
    return this.#histogram;
  }

  /** Takes in the latest round trip, if there has been one since. */
  take(latest: RoundTripStats): void {
    // Every measurement makes another object, also where the figures are those of the one before.
    if (latest === this.#latest) return;
    this.#latest = latest;
    if (latest.lastMs === undefined) return;
    // A histogram holds whole numbers from 1.
    this.#histogram.record(Math.max(1, Math.round(latest.lastMs * 1000)));
  }
}
