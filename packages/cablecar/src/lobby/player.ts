import type { Message, Metadata, PeerId } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import type { Openness, Presence } from './words.ts';

/** Somebody else in the lobby, until it leaves; who comes back is another player. */
export class Player<M extends Message = Message> {
  /** To talk to the player, in the lobby as in a match. */
  readonly peer: Messenger<M>;
  readonly id: PeerId;
  #presence: Presence;

  /** @internal */
  constructor(peer: Messenger<M>, presence: Presence) {
    this.peer = peer;
    this.id = peer.info.id;
    this.#presence = presence;
  }

  /** What the player calls itself. */
  get name(): string {
    return this.peer.info.name;
  }

  /** What the player shows of itself, as it is now. */
  get metadata(): Metadata {
    return this.peer.info.metadata;
  }

  /** How the player takes invitations; on a classic wire nobody says so, and it is `'ask'`. */
  get openness(): Openness {
    return this.#presence.openness;
  }

  /** How many play in the player's match, itself included; 1 where it is in none. */
  get taken(): number {
    return this.#presence.taken;
  }

  /** How many can. */
  get size(): number {
    return this.#presence.size;
  }

  /** @internal */
  show(presence: Presence): void {
    this.#presence = presence;
  }
}
