import type { Millis, PeerId } from '@cablecar/core-protocol';
import {
  dialOf,
  isAstir,
  isEngaged,
  isGreeted,
  newRecord,
  offersOf,
  type DialRecord,
} from './dial-record.ts';
import type { DialState } from './dial-types.ts';
import { idOf, type Life } from '../life.ts';
import { Latest } from '../limits/latest.ts';

/** Rounds remembered of peers of whom nothing else is known; the oldest are forgotten. */
const MAX_ROUNDS = 1024;

/**
 * Everybody whom the rules of dialling know, and what can be asked of all of them together: at a cost that does not grow
 * with those who have their link and with whom nothing is under way.
 */
export class DialRecords {
  readonly #byLife = new Map<Life, DialRecord>();
  readonly #byPeer = new Map<PeerId, readonly DialRecord[]>();
  /** All of those with whom something is under way, and some with whom nothing is any more. */
  readonly #astir = new Set<DialRecord>();
  readonly #rounds = new Latest<Life, number>(MAX_ROUNDS);
  #engaged = 0;

  /** How many of them have a link, or are about to. */
  get engaged(): number {
    return this.#engaged;
  }

  [Symbol.iterator](): Iterator<DialRecord> {
    return this.#byLife.values();
  }

  /** Those with whom something is under way or due. */
  *astir(): Generator<DialRecord> {
    for (const record of this.#astir) {
      if (isAstir(record)) yield record;
      else this.#astir.delete(record);
    }
  }

  get(life: Life): DialRecord | undefined {
    return this.#byLife.get(life);
  }

  add(life: Life): DialRecord {
    const record = newRecord(life, this.#rounds.get(life) ?? 0);
    this.#byLife.set(life, record);
    const id = idOf(life);
    this.#byPeer.set(id, [...(this.#byPeer.get(id) ?? []), record]);
    return record;
  }

  /** Changes how things stand with one of them. */
  enter(record: DialRecord, state: DialState): void {
    this.#engaged -= Number(isEngaged(record));
    record.state = state;
    this.#engaged += Number(isEngaged(record));
    this.#astir.add(record);
  }

  /** Forgets all but the round: the other end may still believe in the link that we no longer know of. */
  delete(record: DialRecord): void {
    const { life, round } = record;
    this.enter(record, { kind: 'idle' });
    this.#astir.delete(record);
    this.#byLife.delete(life);
    const others = this.otherLives(record);
    if (others.length > 0) this.#byPeer.set(idOf(life), others);
    else this.#byPeer.delete(idOf(life));
    if (round > 0) this.#rounds.set(life, round);
    else this.#rounds.delete(life);
  }

  /** The same peer's other lives. */
  otherLives(record: DialRecord): DialRecord[] {
    const lives = this.#byPeer.get(idOf(record.life)) ?? [];
    return lives.filter((other) => other !== record);
  }

  /** The moment at which the first of those that wait is due. */
  earliestDial(): Millis | undefined {
    let earliest: Millis | undefined;
    for (const { state } of this.astir()) {
      if (state.kind === 'waiting' && (earliest === undefined || state.until < earliest)) {
        earliest = state.until;
      }
    }
    return earliest;
  }

  /** Whether any HELLO of ours is out. */
  hasGreeted(): boolean {
    return [...this.astir()].some((record) => isGreeted(dialOf(record)));
  }

  /** Whether anybody (other than this one) holds our WELCOME and may make a link of it. */
  hasWelcomed(except?: DialRecord): boolean {
    return [...this.astir()].some(
      (record) =>
        record !== except &&
        [...offersOf(record).values()].some((offer) => offer.round !== undefined),
    );
  }
}
