import type { Millis } from '@cablecar/core-protocol';
import { dialOf, isGreeted, newRecord, offersOf, type DialRecord } from './dial-record.ts';
import { idOf, type Life } from '../life.ts';

/** Everybody whom the rules of dialling know, and what can be asked of all of them together. */
export class DialRecords {
  readonly #byLife = new Map<Life, DialRecord>();

  /** How many of them have a link. */
  get linked(): number {
    return [...this].filter(({ state }) => state.kind === 'linked').length;
  }

  [Symbol.iterator](): Iterator<DialRecord> {
    return this.#byLife.values();
  }

  get(life: Life): DialRecord | undefined {
    return this.#byLife.get(life);
  }

  add(life: Life): DialRecord {
    const record = newRecord(life, []);
    this.#byLife.set(life, record);
    return record;
  }

  delete({ life }: DialRecord): void {
    this.#byLife.delete(life);
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
        record !== except && [...offersOf(record).values()].some((offer) => offer.welcomed),
    );
  }
}
