import type { PeerId } from '@cablecar/core-protocol';

/** How a player takes invitations. */
export const OPENNESS = ['open', 'ask', 'invite-only', 'closed'] as const;

/**
 * How a player takes invitations: `open` accepts each at once, `ask` has the program decide, `invite-only` takes none
 * but gives some, `closed` neither takes nor gives any.
 */
export type Openness = (typeof OPENNESS)[number];

/** Every reason for which an invitation can come to nothing. */
export const FAILURES = ['declined', 'timeout', 'withdrawn', 'full', 'left'] as const;

/**
 * Why an invitation came to nothing: `declined` by the player, unanswered until its `timeout`, `withdrawn` by who gave it,
 * the game was `full`, or the player `left`.
 */
export type Failure = (typeof FAILURES)[number];

/** What a player shows of itself: how it takes invitations, and how many of its game's places are taken. */
export interface Presence {
  readonly openness: Openness;
  /** Players in its game, itself included. */
  readonly taken: number;
  /** Places in its game. */
  readonly size: number;
}

/** Who is in a game, its host first. */
export interface Roster {
  readonly size: number;
  readonly players: readonly PeerId[];
}

/**
 * What one lobby says to another. Each invitation has a number of its inviter's; whatever is said of it repeats that.
 * Words between two lobbies arrive once and in order, or the players lose each other.
 * @see docs/lobby.md
 */
export type Word =
  /** I am in the lobby; again when it changes. */
  | ({ readonly kind: 'here' } & Presence)
  /** Come into my game. `answers` is the number of an invitation from you: come to me instead, I have guests already. */
  | { readonly kind: 'invite'; readonly number: number; readonly answers?: number }
  /** I come. Not before it is confirmed. */
  | { readonly kind: 'accept'; readonly number: number }
  /** You are in. */
  | ({ readonly kind: 'confirm'; readonly number: number } & Roster)
  /** I do not come. */
  | ({ readonly kind: 'decline'; readonly number: number } & Refusal)
  /** Do not come. */
  | ({ readonly kind: 'withdraw'; readonly number: number } & Refusal)
  /** Others have come or gone. */
  | ({ readonly kind: 'roster' } & Roster)
  /** I leave our game, or take back that I come. */
  | { readonly kind: 'leave'; readonly reason: string }
  /** The one word of a classic wire: an invitation, or the answer to one. */
  | { readonly kind: 'join' };

/** Why not. */
export interface Refusal {
  readonly code: Failure;
  /** For people. */
  readonly reason: string;
}
