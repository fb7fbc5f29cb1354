import type { Emitter, Message, PeerId } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import type { MeshEvents } from './events.ts';

/** Where peers come from, as far as streams of them need to know. */
export interface PeerSource<M extends Message> extends Emitter<MeshEvents<M>> {
  readonly peers: ReadonlyMap<PeerId, Messenger<M>>;
  readonly closed: boolean;
}
