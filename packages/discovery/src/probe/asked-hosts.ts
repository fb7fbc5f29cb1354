import type { Millis } from '@cablecar/core-protocol';
import { Latest } from '../limits/latest.ts';

/** An answer counts this long after its question. */
const PATIENCE_MS: Millis = 10_000;
const MAX_HOSTS = 512;

/** The addresses that were asked a moment ago: from these an answer is believed also where they are no neighbours. */
export class AskedHosts {
  readonly #askedAt = new Latest<string, Millis>(MAX_HOSTS);

  add(host: string, now: Millis): void {
    this.#askedAt.set(host, now);
  }

  has(host: string, now: Millis): boolean {
    return now - (this.#askedAt.get(host) ?? -Infinity) <= PATIENCE_MS;
  }
}
