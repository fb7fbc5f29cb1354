import type { Life } from '../life.ts';

/** More are forgotten, the oldest first: strangers can have us promise as many as they like. */
const MAX_PROMISES = 64;

/**
 * The links that our WELCOME promised and whose READY has not come. The other end may have such a link already, and may
 * have sent on it; so it goes on when they meet again, and begins here then.
 * @see docs/protocol.md §4.5
 */
export class PromisedLinks {
  readonly #rounds = new Map<Life, number>();

  /** The round that names the link promised to this life. Undefined where there is none. */
  get(life: Life): number | undefined {
    return this.#rounds.get(life);
  }

  add(life: Life, round: number): void {
    this.#rounds.delete(life);
    this.#rounds.set(life, round);
    if (this.#rounds.size <= MAX_PROMISES) return;
    for (const oldest of this.#rounds.keys()) return void this.#rounds.delete(oldest);
  }

  /** A link with this life began. */
  delete(life: Life): void {
    this.#rounds.delete(life);
  }
}
