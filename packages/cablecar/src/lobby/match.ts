import { Emitter, type Message } from '@cablecar/core-protocol';
import type { Player } from './player.ts';

/** What a {@link Match} emits. */
export type MatchEvents<M extends Message = Message> = {
  /** Another player has come in. Those who were there before are in `players`. */
  join: (player: Player<M>) => void;
  /** A player has gone; the match goes on. */
  leave: (player: Player<M>) => void;
  /** The match is over for this player, exactly once: its host or its last guest has gone, or this player has left. */
  end: (end: { readonly reason: string }) => void;
};

/** Players who have agreed to play together, until one of two goes or the host does. Everybody stays in the lobby. */
export class Match<M extends Message = Message> extends Emitter<MatchEvents<M>> {
  /** Who has invited; undefined where this player has. */
  readonly host: Player<M> | undefined;
  readonly #leave: (reason: string) => void;
  #players: readonly Player<M>[] = [];
  #size: number;
  #ended = false;

  /** @internal */
  constructor(host: Player<M> | undefined, size: number, leave: (reason: string) => void) {
    super();
    this.host = host;
    this.#size = size;
    this.#leave = leave;
  }

  /** The others, as far as they are in the lobby; the host first. */
  get players(): readonly Player<M>[] {
    return this.#players;
  }

  /** Places, this player's included. */
  get size(): number {
    return this.#size;
  }

  /** Whether it is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Leaves, with everybody back in the lobby; where this player is the host, the match is over for all. Idempotent. */
  leave(reason = ''): void {
    if (!this.#ended) this.#leave(reason);
  }

  /** Takes who plays now, and tells who is new and who has gone. @internal */
  update(players: readonly Player<M>[], size: number): void {
    const before = this.#players;
    this.#players = players;
    this.#size = size;
    for (const player of before) if (!players.includes(player)) this.deliver('leave', player);
    for (const player of players) if (!before.includes(player)) this.deliver('join', player);
  }

  /** @internal */
  end(reason: string): void {
    this.#ended = true;
    this.deliver('end', { reason });
  }
}
