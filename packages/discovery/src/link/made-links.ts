import type { Greeting, PeerId } from '@cablecar/core-protocol';
import { idOf, lifeOf, type Life } from '../life.ts';
import type { Standing } from '../self.ts';
import type { ConnectionLink } from './connection-link.ts';
import { PromisedLinks } from './promised-links.ts';

/** A link that was made. */
export interface Made {
  readonly link: ConnectionLink;
  /** The round in which it began, by which both ends know it. */
  readonly origin: number;
  /** The round of its present connection. */
  round: number;
  /** Whether the peer's host is there and nobody listens on it, as our last dial to it found. */
  isRefused: boolean;
}

/** The links that were made and live, at most one to each peer, and those that were promised. */
export class MadeLinks {
  readonly #made = new Map<PeerId, Made>();
  readonly #promised = new PromisedLinks();

  get(life: Life): Made | undefined {
    const made = this.#made.get(idOf(life));
    return made && lifeOf(made.link.peer) === life ? made : undefined;
  }

  /** Those without a connection at present. */
  down(): readonly ConnectionLink[] {
    return [...this.#made.values()].map(({ link }) => link).filter(({ isDown }) => isDown);
  }

  /** The one with whichever life of a peer. */
  of(id: PeerId): Made | undefined {
    return this.#made.get(id);
  }

  add(life: Life, made: Made): void {
    this.#made.set(idOf(life), made);
    this.#promised.delete(life);
  }

  /** Forgets a link; false where another has its place already. */
  delete(made: Made): boolean {
    const { id } = made.link.peer;
    return this.#made.get(id) === made && this.#made.delete(id);
  }

  /** What a greeting is to say in a round. */
  standing(life: Life, round: number): Standing {
    const made = this.get(life);
    // Whoever was promised another link has no use for the one before.
    const link = this.#promised.get(life) ?? (made?.link.goesOn ? made.origin : 0);
    return { round, link };
  }

  /** What our WELCOME is to say. Where no link goes on, it promises one that is named by its round. */
  promise(greeting: Greeting, round: number): Standing {
    const life = lifeOf(greeting);
    const standing = this.standing(life, round);
    if (standing.link === 0 || standing.link !== greeting.link) this.#promised.add(life, round);
    return standing;
  }

  isPromised(life: Life, link: number): boolean {
    return this.#promised.get(life) === link;
  }
}
