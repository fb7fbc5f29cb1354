import type { PeerInfo } from '../identity/peer.ts';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Random } from './random.ts';

/**
 * A connection past its handshake: it is known who is at the other end.
 * What a messenger needs to know of the network.
 */
export interface Link extends Connection {
  /** Who is at the other end; its metadata and name follow the peer's latest word. */
  readonly peer: PeerInfo;
  /** Time and chance for whoever runs a session over the link. */
  readonly clock: Clock;
  readonly random: Random;
}
