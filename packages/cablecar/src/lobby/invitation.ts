import type { Message } from '@cablecar/core-protocol';
import type { Match } from './match.ts';
import type { Player } from './player.ts';

/** A player's wish to play with this one, which waits for an answer. */
export interface Invitation<M extends Message = Message> {
  readonly from: Player<M>;
  /**
   * Says yes. Resolves to the match once the inviter has confirmed it; this player's own open invitations are taken
   * back. With guests of its own this player stays the host, and the inviter comes to it.
   * @throws {CableCarError} ERR_INVITATION_WITHDRAWN, ERR_LOBBY_FULL, ERR_PLAYER_LEFT, ERR_TIMEOUT, ERR_CLOSED (rejects)
   */
  accept(): Promise<Match<M>>;
  /** Says no, and why. Nothing happens where the invitation is off already. */
  decline(reason?: string): void;
}
