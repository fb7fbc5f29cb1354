import type {
  CableCarError,
  Clock,
  Connection,
  PeerId,
  PeerInfo,
  Random,
} from '@cablecar/core-protocol';

/** What a link is made of. */
export interface ConnectionLinkOptions {
  readonly connection: Connection;
  readonly peer: PeerInfo;
  /** Our own id, where ids belong to keys. */
  readonly ownId: PeerId | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** What came behind the handshake. */
  readonly rest: Uint8Array;
  /**
   * The connection is gone, and the link waits to be given another one by `adopt()`. Whoever cannot find it one leaves
   * this out: the link is not resumable then.
   */
  readonly onDown?: () => void;
  /**
   * The link is gone; `parted` when this program had ended it by `end()`. Last of all calls and exactly once; the
   * listener was told before.
   */
  readonly onClosed: (parted: boolean, error: CableCarError | undefined) => void;
}
