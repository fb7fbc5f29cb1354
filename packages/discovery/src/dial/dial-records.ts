import type { Millis } from '@cablecar/core-protocol';
import {
  dialOf,
  isEngaged,
  isGreeted,
  newRecord,
  offersOf,
  type DialRecord,
} from './dial-record.ts';
import { idOf, type Life } from '../life.ts';
import { Latest } from '../limits/latest.ts';

/** Rounds remembered of peers of whom nothing else is known; the oldest are forgotten. */
const MAX_ROUNDS = 1024;

/** Everybody whom the rules of dialling know, and what can be asked of all of them together. */
export class DialRecords {
  readonly #byLife = new Map<Life, DialRecord>();
  readonly #rounds = new Latest<Life, number>(MAX_ROUNDS);

  /** How many of them have a link, or are about to. */
  get engaged(): number {
    return [...this].filter(isEngaged).length;
  }

  [Symbol.iterator](): Iterator<DialRecord> {
    return this.#byLife.values();
  }

  get(life: Life): DialRecord | undefined {
    return this.#byLife.get(life);
  }

  add(life: Life): DialRecord {
    const record = newRecord(life, this.#rounds.get(life) ?? 0);
    this.#byLife.set(life, record);
    return record;
  }

  /** Forgets all but the round: the other end may still believe in the link that we no longer know of. */
  delete({ life, round }: DialRecord): void {
    this.#byLife.delete(life);
    if (round > 0) this.#rounds.set(life, round);
    else this.#rounds.delete(life);
  }

  /** The same peer's other lives. */
  otherLives({ life }: DialRecord): DialRecord[] {
    return [...this].filter((other) => other.life !== life && idOf(other.life) === idOf(life));
  }

  /** The moment at which the first of those that wait is due. */
  earliestDial(): Millis | undefined {
    let earliest: Millis | undefined;
    for (const { state } of this) {
      if (state.kind === 'waiting' && (earliest === undefined || state.until < earliest)) {
        earliest = state.until;
      }
    }
    return earliest;
  }

  /** Whether any HELLO of ours is out. */
  hasGreeted(): boolean {
    return [...this].some((record) => isGreeted(dialOf(record)));
  }

  /** Whether anybody (other than this one) holds our WELCOME and may make a link of it. */
  hasWelcomed(except?: DialRecord): boolean {
    return [...this].some(
      (record) =>
        record !== except &&
        [...offersOf(record).values()].some((offer) => offer.round !== undefined),
    );
  }
}
