import type { EventOutput, Millis, PeerId } from '@cablecar/core-protocol';
import type { Openness, Presence, Refusal, Roster, Word } from './words.ts';

/** What a lobby's rules are set to. */
export interface LobbySettings {
  /** This player's id. */
  readonly id: PeerId;
  readonly openness: Openness;
  /** Players in a game that this player hosts, itself included. */
  readonly size: number;
  /** How long is waited for the confirmation of an acceptance, and for an answer to a host's counter-invitation. */
  readonly inviteTimeoutMs: Millis;
  /** Whether there is but one word, `join`: nobody says that it is here, and nobody confirms. */
  readonly isClassic: boolean;
}

/** How things stand between this player and another one. */
export type Standing =
  /** Connected; whether it has a lobby is not known. */
  | { readonly name: 'unknown' }
  | { readonly name: 'present' }
  /** It has an invitation from here. One that `isCounter` answers its own, and stands against any other of its. */
  | {
      readonly name: 'inviting';
      readonly number: number;
      readonly deadline: Millis;
      readonly isCounter: boolean;
    }
  /** Its invitation waits for an answer. */
  | { readonly name: 'invited'; readonly number: number }
  /** Its invitation was accepted and is not confirmed. */
  | { readonly name: 'accepting'; readonly number: number; readonly deadline: Millis }
  /** It plays in the game that is hosted here. */
  | { readonly name: 'guest' }
  /** This player plays in its game. */
  | { readonly name: 'host' };

/** What the rules are told. */
export type LobbyInput =
  | { readonly kind: 'met'; readonly player: PeerId }
  | { readonly kind: 'lost'; readonly player: PeerId }
  | { readonly kind: 'heard'; readonly player: PeerId; readonly word: Word }
  | { readonly kind: 'invite'; readonly player: PeerId; readonly timeoutMs: Millis }
  | { readonly kind: 'accept'; readonly player: PeerId }
  | { readonly kind: 'decline'; readonly player: PeerId; readonly reason: string }
  /** Takes back an invitation, or an acceptance that is not confirmed. */
  | { readonly kind: 'withdraw'; readonly player: PeerId; readonly reason: string }
  | { readonly kind: 'leave'; readonly reason: string }
  | { readonly kind: 'openness'; readonly openness: Openness };

/** What the user is told. */
export type LobbyEvent =
  | { readonly kind: 'player'; readonly player: PeerId; readonly presence: Presence }
  | { readonly kind: 'player:update'; readonly player: PeerId; readonly presence: Presence }
  | { readonly kind: 'player:lost'; readonly player: PeerId }
  | { readonly kind: 'invitation'; readonly player: PeerId }
  /** An invitation from that player is off, by its doing or by this player's. */
  | ({ readonly kind: 'invitation:off'; readonly player: PeerId } & Refusal)
  /** What was asked of that player, by an invitation or an acceptance, came to nothing. */
  | ({ readonly kind: 'failed'; readonly player: PeerId } & Refusal)
  /** A guest has come into the game that is hosted here. */
  | { readonly kind: 'seated'; readonly player: PeerId }
  | { readonly kind: 'unseated'; readonly player: PeerId; readonly reason: string }
  /** This player is in another one's game. */
  | { readonly kind: 'entered'; readonly player: PeerId; readonly roster: Roster }
  | { readonly kind: 'roster'; readonly roster: Roster }
  /** The game is over for this player. */
  | { readonly kind: 'ended'; readonly reason: string };

/** What the shell is to do. */
export type LobbyAction =
  | { readonly kind: 'say'; readonly player: PeerId; readonly word: Word }
  /** Nothing is wanted of that player any more. */
  | { readonly kind: 'part'; readonly player: PeerId };

/** What the rules answer with. */
export type LobbyOutput = LobbyAction | EventOutput<LobbyEvent>;
