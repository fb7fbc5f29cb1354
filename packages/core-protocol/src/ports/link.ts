import type { PeerId, PeerInfo } from '../identity/peer.ts';
import type { Clock } from './clock.ts';
import type { Connection, ConnectionHandlers } from './connection.ts';
import type { Random } from './random.ts';

/** What a link tells its one listener, beside what its connection tells. None of these may throw. */
export interface LinkHandlers extends ConnectionHandlers {
  /**
   * The connection is gone and the link looks for another one: `onUp` follows, or `onClose`. Nothing written since the
   * last drain may be taken for received. Whoever does not want this called leaves it out, and is told `onClose` instead.
   */
  onDown?(): void;
  /** There is another connection to the same life of the same peer, with nothing read or written yet. */
  onUp?(): void;
  /** The peer was heard by another way than the connection, from where that leads to: its host is in reach. */
  onSighted?(): void;
}

/**
 * A connection past its handshake: it is known who is at the other end. When the connection is lost, a link may find
 * another one by itself.
 */
export interface Link extends Connection {
  /** Who is at the other end; its metadata and name follow the peer's latest word. */
  readonly peer: PeerInfo;
  /** The id by which the peer knows this program, where ids on this link belong to keys. */
  readonly ownId?: PeerId | undefined;
  /** Time and chance for whoever runs a session over the link. */
  readonly clock: Clock;
  readonly random: Random;
  /** Whether the link can make another connection when one is lost. */
  readonly resumable: boolean;
  /** Replaces the listener; see {@link Connection.attach}. */
  attach(handlers: LinkHandlers): void;
  /**
   * Takes what the peer says of itself for its name. Only there where the wire leaves that to messages: elsewhere the
   * peer has been introduced already.
   */
  rename?(name: string): void;
  /** Gives up the present connection as dead. A link that is not resumable closes. */
  reconnect(): void;
}
