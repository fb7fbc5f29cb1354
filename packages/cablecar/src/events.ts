import type { CableCarError, Message } from '@cablecar/core-protocol';
import type { IdentityConflict } from '@cablecar/discovery';
import type { Messenger } from '@cablecar/messenger';

/** What a {@link Mesh} emits. */
export type MeshEvents<M extends Message = Message> = {
  /** A peer is there and can be talked to: exactly once, and once more each time that it returns after `peer:lost`. */
  peer: (peer: Messenger<M>) => void;
  /** A peer is gone, by a goodbye or by loss; its own `close` says which. After its `peer`, exactly once. */
  'peer:lost': (peer: Messenger<M>) => void;
  /** A peer changed its name or metadata; `peer.info` has the new ones. */
  'peer:update': (peer: Messenger<M>) => void;
  /**
   * Somebody came with another key under a name that is known, with trust 'known', and was turned away. Once for each
   * who tries; the peer whom the name belongs to is not touched.
   */
  'identity-conflict': (conflict: IdentityConflict) => void;
  /** Something is wrong and was dealt with. Nothing on the network ever throws. */
  warning: (error: CableCarError) => void;
  /** The mesh has closed; last of all events, exactly once. */
  close: () => void;
};
