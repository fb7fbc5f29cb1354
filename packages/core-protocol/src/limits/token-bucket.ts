import type { Millis } from '../ports/clock.ts';

/** An allowance that fills up again: `size` at once, `perSecond` in the long run. */
export interface BucketLimit {
  readonly size: number;
  readonly perSecond: number;
}

/** A token bucket. Moments come from the caller. */
export class TokenBucket {
  readonly #limit: BucketLimit;
  #tokens: number;
  #at: Millis;

  constructor(limit: BucketLimit, now: Millis) {
    this.#limit = limit;
    this.#tokens = limit.size;
    this.#at = now;
  }

  /** Takes a token if there is one. */
  take(now: Millis): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Puts a token back that turned out not to be owed. */
  giveBack(): void {
    this.#tokens = Math.min(this.#limit.size, this.#tokens + 1);
  }

  /** How long until there is a token beside those that are kept for others; 0 when there is one. */
  waitMs(now: Millis, kept = 0): Millis {
    this.#fill(now);
    const short = 1 + kept - this.#tokens;
    return short <= 0 ? 0 : Math.ceil((short * 1000) / this.#limit.perSecond);
  }

  /** Whether it is as if it had never been used. */
  isFull(now: Millis): boolean {
    this.#fill(now);
    return this.#tokens >= this.#limit.size;
  }

  #fill(now: Millis): void {
    const earned = ((now - this.#at) * this.#limit.perSecond) / 1000;
    this.#tokens = Math.min(this.#limit.size, this.#tokens + Math.max(0, earned));
    this.#at = now;
  }
}
