import type { Endpoint, Millis } from '@cablecar/core-protocol';
import type { Life } from '../life.ts';

/** Between two datagrams that somebody waits for. */
const SOON_MS: Millis = 100;
/** Between two others: one a peer in its turn, against loss, and for what nobody knew to be missing. */
const IN_TURN_MS: Millis = 20_000;

/** Where a peer with a link hears datagrams. */
export interface Contact {
  readonly endpoint: Endpoint;
  /** Whether it was found by no road that everybody on the LAN hears, so that others may not find it. */
  readonly isAfar: boolean;
}

/** One datagram: whom it goes to, and whom it names. */
export interface Telling {
  readonly to: Endpoint;
  readonly about: readonly Endpoint[];
}

/**
 * Whom of the peers to tell about which others. Where all hear each other's broadcasts there is next to nothing to tell;
 * whoever came by another road is made known to all, and all to it.
 */
export class Gossip {
  readonly #met = new Map<Life, Contact>();
  /** Who is to be told soon. */
  readonly #eager = new Set<Life>();
  #toldAt: Millis = -Infinity;
  #turn = 0;

  /** When somebody is to be told something; undefined while there are no two peers. */
  get due(): Millis | undefined {
    if (this.#met.size < 2) return undefined;
    return this.#toldAt + (this.#eager.size > 0 ? SOON_MS : IN_TURN_MS);
  }

  /** There is a link with a peer that hears datagrams there. */
  met(life: Life, contact: Contact, now: Millis): void {
    const known = this.#met.get(life);
    const isKnown =
      known?.endpoint.host === contact.endpoint.host &&
      known.endpoint.port === contact.endpoint.port;
    if (isKnown) return;
    if (this.#toldAt === -Infinity) this.#toldAt = now;
    this.#met.set(life, contact);
    const isWorthIt = (other: Contact): boolean => contact.isAfar || other.isAfar;
    for (const [other, at] of this.#met) {
      if (other !== life && isWorthIt(at)) this.#eager.add(other).add(life);
    }
  }

  /** There is a link with it no more. */
  lost(life: Life): void {
    this.#met.delete(life);
    this.#eager.delete(life);
  }

  contactOf(life: Life): Contact | undefined {
    return this.#met.get(life);
  }

  /** Whether there is a link with a program at such an endpoint. */
  isMet(fits: (endpoint: Endpoint) => boolean): boolean {
    return [...this.#met.values()].some(({ endpoint }) => fits(endpoint));
  }

  /** What is to be told now. */
  take(now: Millis): Telling | undefined {
    if (this.due === undefined || this.due > now) return undefined;
    this.#toldAt = now;
    const lives = [...this.#met.keys()];
    const [eager] = this.#eager;
    const life = eager ?? lives[this.#turn % lives.length];
    this.#turn++;
    if (life === undefined) return undefined;
    this.#eager.delete(life);
    const to = this.#met.get(life);
    return to && { to: to.endpoint, about: this.#others(life) };
  }

  clear(): void {
    this.#met.clear();
    this.#eager.clear();
  }

  /** All but one, those first that others may not find; who comes next after them takes turns. */
  #others(life: Life): readonly Endpoint[] {
    const others = [...this.#met].filter(([other]) => other !== life).map(([, at]) => at);
    const start = this.#turn % others.length;
    const turned = [...others.slice(start), ...others.slice(0, start)];
    turned.sort((one, other) => Number(other.isAfar) - Number(one.isAfar));
    return turned.map(({ endpoint }) => endpoint).filter(({ host }) => !host.includes(':'));
  }
}
