import type { Millis } from '@cablecar/core-protocol';

/** Over less time than this a rate would be mere noise. */
const LEAST_WINDOW_MS = 1000;
/** Looks closer together than this are one; so no more than a handful is ever kept. */
const LEAST_GAP_MS = 250;

/** Running totals by their names. */
type Totals<Name extends string> = Readonly<Record<Name, number>>;

interface Look<Name extends string> {
  readonly at: Millis;
  readonly totals: Totals<Name>;
}

/**
 * Makes rates of running totals, by nothing but being looked at: no timer, and no work while nobody looks. A rate is
 * that of the time since the latest look that is a second old; so several who look do not disturb each other.
 */
export class RateMeter<Name extends string> {
  /** The looks that a later one may be compared with, oldest first; never empty. */
  readonly #looks: Look<Name>[];

  /** Begins with the totals at a moment. */
  constructor(totals: Totals<Name>, at: Millis) {
    this.#looks = [{ at, totals }];
  }

  /** What each total has grown by in a second. */
  read(totals: Totals<Name>, now: Millis): Record<Name, number> {
    while (this.#looks.length > 1 && now - this.#looks[1]!.at >= LEAST_WINDOW_MS)
      this.#looks.shift();
    const before = this.#looks[0]!;
    const seconds = (now - before.at) / 1000;
    if (now - this.#looks.at(-1)!.at >= LEAST_GAP_MS) this.#looks.push({ at: now, totals });
    const rates = {} as Record<Name, number>;
    for (const name in totals) {
      rates[name] = seconds > 0 ? (totals[name] - before.totals[name]) / seconds : 0;
    }
    return rates;
  }
}
