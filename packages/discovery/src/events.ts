import type { CableCarError, Endpoint, Link, Metadata, PeerId } from '@cablecar/core-protocol';
import type { IdentityConflict } from './security/trust.ts';

/** A peer that shows itself on the network; not known to be reachable, nor to be who it says. */
export interface Sighting {
  readonly id: PeerId;
  readonly epoch: string;
  readonly name: string;
  readonly metadata: Metadata;
  /** Where it listens, as far as known. */
  readonly endpoint: Endpoint;
}

/** The end of a link. */
export interface LostLink {
  readonly link: Link;
  /** The error that it ended by, if by one; ERR_CONNECTION_LOST where the peer made a newer link. */
  readonly error: CableCarError | undefined;
}

/** What a {@link BroadcastConnector} emits. */
export type ConnectorEvents = {
  /**
   * There is a link with a peer: exactly once for each link, whichever end dialled, and one link at a time for each
   * peer. It is in `links` already.
   */
  peer: (link: Link) => void;
  /** A link is gone, after its `peer` and exactly once. It is not in `links` any more. The peer may come again. */
  'peer:lost': (lost: LostLink) => void;
  /** A peer with a link changed its name or metadata; `link.peer` has the new ones. */
  'peer:update': (link: Link) => void;
  /** A peer shows itself: when it is first heard, and when what it shows has changed. */
  sighted: (sighting: Sighting) => void;
  /**
   * Somebody came with another key under a name that is known, with trust 'known', and was turned away. Once for each
   * who tries; a link with whom the name belongs to is not touched.
   */
  'identity-conflict': (conflict: IdentityConflict) => void;
  /** Something is wrong and was dealt with. Nothing on the network ever throws. */
  warning: (error: CableCarError) => void;
  /** The search has ended: by `stop()`, after the first link with `once`, or by `timeoutMs`. Links stay open. */
  close: () => void;
};
