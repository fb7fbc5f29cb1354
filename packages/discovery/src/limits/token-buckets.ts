import type { Millis } from '@cablecar/core-protocol';
import { TokenBucket, type BucketLimit } from '@cablecar/core-protocol';

/**
 * A token bucket for each key, such as a source address. At most `maxKeys` are remembered: past that, the ones that
 * are full again are forgotten, and if there are none, a new key has no allowance.
 */
export class TokenBuckets {
  readonly #limit: BucketLimit;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(limit: BucketLimit, maxKeys: number) {
    this.#limit = limit;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#buckets.size;
  }

  take(key: string, now: Millis): boolean {
    return this.#bucket(key, now)?.take(now) ?? false;
  }

  /** Whether the key has all of its allowance. */
  isFull(key: string, now: Millis): boolean {
    return this.#bucket(key, now)?.isFull(now) ?? false;
  }

  giveBack(key: string): void {
    this.#buckets.get(key)?.giveBack();
  }

  /** How long until the key has a token; a second where there is no room to remember it. */
  waitMs(key: string, now: Millis): Millis {
    return this.#bucket(key, now)?.waitMs(now) ?? 1000;
  }

  #bucket(key: string, now: Millis): TokenBucket | undefined {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.#maxKeys) this.#forgetFull(now);
    if (this.#buckets.size >= this.#maxKeys) return undefined;
    const bucket = new TokenBucket(this.#limit, now);
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #forgetFull(now: Millis): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(key);
  }
}
