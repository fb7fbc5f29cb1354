import type { CableCarError, Message } from '@cablecar/core-protocol';
import type { Invitation } from './invitation.ts';
import type { Match } from './match.ts';
import type { Player } from './player.ts';
import type { Refusal } from './words.ts';

/** An invitation that is off, and why. */
export interface InvitationOff<M extends Message = Message> extends Refusal {
  readonly invitation: Invitation<M>;
}

/** What a {@link Lobby} emits. */
export type LobbyEvents<M extends Message = Message> = {
  /** A player is there: exactly once, and once more each time that it returns after `player:lost`. */
  player: (player: Player<M>) => void;
  /** A player shows itself differently: its name, its metadata, its openness, or how many play with it. */
  'player:update': (player: Player<M>) => void;
  /** A player has left the lobby; after its `player`, exactly once. */
  'player:lost': (player: Player<M>) => void;
  /** A player invites this one, which is for the program to answer. */
  invitation: (invitation: Invitation<M>) => void;
  /** An invitation that waited for an answer, or was accepted and not confirmed, is off. */
  'invitation:off': (off: InvitationOff<M>) => void;
  /** A match has begun, whoever has invited. */
  match: (match: Match<M>) => void;
  /** Something is wrong and was dealt with. */
  warning: (error: CableCarError) => void;
  /** The lobby has closed; last of all events, exactly once. */
  close: () => void;
};
