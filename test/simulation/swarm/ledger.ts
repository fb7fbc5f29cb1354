import type { MessengerClose } from 'cablecar';
import { isCalm, isResumable, type Plan } from './plan.ts';
import { isReliable, Place, Spark, type Stamped } from './messages.ts';

/** Something that must never happen, did. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** What one program said to one peer, from their meeting to their end. */
export interface Said {
  readonly key: string;
  readonly from: string;
  /** The lives of the program and of its peer. */
  readonly life: number;
  readonly peerLife: number;
  /** Reliable messages, and all. */
  reliable: number;
  total: number;
  sparks: number;
  /** The number of the last place of each ship. */
  readonly places: Map<number, number>;
  end: MessengerClose | undefined;
  /** Messages that were dropped as their delivery allows, known once it has ended. */
  dropped: number;
}

/** What a program heard from one peer. */
export interface Heard {
  readonly by: string;
  readonly life: number;
  /** Whose words they are, known from the first one. */
  key: string | undefined;
  reliable: number;
  total: number;
  sparks: number;
  readonly places: Map<number, number>;
}

/** Holds what was said against what was heard: in order, once, and nothing of another life or talk. */
export class Ledger {
  readonly said = new Map<string, Said>();
  readonly #heard = new Map<string, Heard>();
  /** Lives that ended without a goodbye, and may have died with messages unread. */
  readonly #crashed = new Set<number>();
  /** Lives that took leave, also of those with whom they had no session yet. */
  readonly #left = new Set<number>();
  #lives = 0;

  beginLife(): number {
    return ++this.#lives;
  }

  crashed(life: number): void {
    this.#crashed.add(life);
  }

  left(life: number): void {
    this.#left.add(life);
  }

  beginTalk(talk: Pick<Said, 'from' | 'life' | 'peerLife'> & { readonly number: number }): Said {
    const key = `${talk.life}.${talk.number}`;
    const { from, life, peerLife } = talk;
    const places = new Map<number, number>();
    const said: Said = {
      ...{ key, from, life, peerLife, places, end: undefined },
      ...{ reliable: 0, total: 0, sparks: 0, dropped: 0 },
    };
    this.said.set(key, said);
    return said;
  }

  beginHearing(by: string, life: number): Heard {
    return { by, life, key: undefined, reliable: 0, total: 0, sparks: 0, places: new Map() };
  }

  /** A message came. */
  hear(heard: Heard, message: Stamped): void {
    const key = `${message.life}.${message.talk}`;
    if (heard.key === undefined) this.#open(heard, key);
    if (heard.key !== key) {
      throw new Violation(`${heard.by} heard ${key} in the middle of ${heard.key}`);
    }
    heard.total++;
    const { number } = message;
    if (isReliable(message)) {
      if (number !== heard.reliable) {
        throw new Violation(`${heard.by} heard ${number} of ${key}, expected ${heard.reliable}`);
      }
      heard.reliable++;
    } else if (message instanceof Place) {
      const before = heard.places.get(message.ship) ?? -1;
      if (number <= before)
        throw new Violation(`${heard.by} heard place ${number} after ${before}`);
      heard.places.set(message.ship, number);
    } else if (message instanceof Spark) {
      heard.sparks++;
    }
  }

  /** What a talk's other end has heard of it. */
  heardOf({ key }: Said): Heard | undefined {
    return this.#heard.get(key);
  }

  /** Whether everything that had to arrive has. */
  isComplete(said: Said): boolean {
    const heard = this.heardOf(said);
    if ((heard?.reliable ?? 0) !== said.reliable) return false;
    return [...said.places].every(([ship, number]) => heard?.places.get(ship) === number);
  }

  /** A goodbye that nobody said, or one that was not heard as such where nothing went wrong. */
  misheardEnd(plan: Plan, isOver: boolean): string | undefined {
    for (const { key, end, life, peerLife } of this.said.values()) {
      if (end === undefined || this.#crashed.has(peerLife)) continue;
      const theirs = [...this.said.values()]
        .filter((other) => other.life === peerLife && other.peerLife === life)
        .map((other) => other.end?.code ?? 'none');
      const isSaid = theirs.includes('closed') || this.#left.has(peerLife);
      if (end.code === 'goodbye' && !isSaid) {
        return `${key} ended with a goodbye, where the other end has ${theirs.join()}`;
      }
      // Who stops altogether does not wait for a connection.
      if (end.code === 'lost' && !isOver && isResumable(plan))
        return `${key} was lost: ${end.reason}`;
      if (isCalm(plan) && end.code === 'closed' && end.undelivered > 0) {
        return `${key} was closed with ${end.undelivered} undelivered on a network without faults`;
      }
    }
    return undefined;
  }

  /** What was confirmed to somebody and not heard so far; undefined when there is nothing such. */
  unheard(): string | undefined {
    for (const said of this.said.values()) {
      const { key, end, total, reliable, dropped, peerLife } = said;
      const heard = this.heardOf(said);
      if ((heard?.reliable ?? 0) > reliable || (heard?.total ?? 0) > total) {
        return `${heard?.by} heard more of ${key} than was said`;
      }
      if (end === undefined || this.#crashed.has(peerLife)) continue;
      const confirmed = total - dropped - end.undelivered;
      if ((heard?.total ?? 0) >= confirmed) continue;
      const seen = `${confirmed} of ${key} were confirmed, ${heard?.total ?? 0} were heard`;
      return `${seen} (${end.code}: ${end.reason})`;
    }
    return undefined;
  }

  #open(heard: Heard, key: string): void {
    const said = this.said.get(key);
    if (said === undefined) throw new Violation(`${heard.by} heard ${key}, which nobody said`);
    if (said.peerLife !== heard.life) {
      throw new Violation(`life ${heard.life} heard ${key}, which was said to ${said.peerLife}`);
    }
    if (this.#heard.has(key)) throw new Violation(`${heard.by} heard ${key} as two peers`);
    heard.key = key;
    this.#heard.set(key, heard);
  }
}
