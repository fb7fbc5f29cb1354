import { cleanName, type CableCarError, type PeerInfo, type Via } from '@cablecar/core-protocol';
import { ConnectionLink } from '../link/connection-link.ts';
import type { ConnectionLinkOptions } from '../link/link-options.ts';

const NOTHING = new Uint8Array();
/** Nobody can tell one life of a peer from another. */
export const NO_EPOCH = '0000000000000000';

/** What a classic link is made of. */
export interface ClassicLinkOptions extends Pick<
  ConnectionLinkOptions,
  'connection' | 'clock' | 'random'
> {
  readonly dialledBy: PeerInfo['dialledBy'];
  readonly via: Via;
  readonly onClosed?: (parted: boolean, error: CableCarError | undefined) => void;
  /** The peer said what it is called, and it is not what it was called before. */
  readonly onRenamed?: (link: ClassicLink) => void;
}

/** A link on a classic wire. There is no handshake: the peer is its address until it identifies itself by a message. */
export class ClassicLink extends ConnectionLink {
  readonly #onRenamed: ((link: ClassicLink) => void) | undefined;

  constructor(options: ClassicLinkOptions) {
    const { connection, clock, random, dialledBy, via, onClosed = () => {}, onRenamed } = options;
    const endpoint = connection.remote;
    const { host } = endpoint;
    const introduction = { id: host, name: host, epoch: NO_EPOCH, metadata: {} };
    const peer = { ...introduction, endpoint, dialledBy, via };
    super({ connection, peer, ownId: undefined, clock, random, rest: NOTHING, onClosed });
    this.#onRenamed = onRenamed;
  }

  rename(name: string): void {
    const { id, name: before, metadata } = this.peer;
    const clean = cleanName(name, id);
    if (clean === before) return;
    this.update({ name: clean, metadata });
    this.#onRenamed?.(this);
  }
}
