import {
  CableCarError,
  Emitter,
  within,
  type Clock,
  type Link,
  type Message,
  type Metadata,
  type PeerId,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { BroadcastConnector } from '@cablecar/discovery';
import { Messenger, type CloseOptions, type StreamOptions } from '@cablecar/messenger';
import type { MeshEvents } from './events.ts';
import { MergedStream, type PeerMessage } from './merged-stream.ts';
import type { JoinOptions } from './options.ts';
import { PeerStream } from './peer-stream.ts';

/**
 * Everybody of one service on the network, each as a messenger. Made by {@link join}.
 */
export class Mesh<M extends Message = Message>
  extends Emitter<MeshEvents<M>>
  implements AsyncIterable<Messenger<M>>, AsyncDisposable
{
  readonly #connector: BroadcastConnector;
  readonly #options: JoinOptions;
  readonly #clock: Clock;
  readonly #peers = new Map<PeerId, Messenger<M>>();
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(connector: BroadcastConnector, options: JoinOptions, clock: Clock) {
    super();
    this.#connector = connector;
    this.#options = options;
    this.#clock = clock;
    connector.on('peer', (link) => this.#meet(link));
    connector.on('peer:update', (link) => {
      const peer = this.#peers.get(link.peer.id);
      if (peer) this.deliver('peer:update', peer);
    });
    connector.on('warning', (error) => void this.deliver('warning', error));
  }

  /** This peer's id. */
  get id(): PeerId {
    return this.#connector.id;
  }

  /** What this peer calls itself. */
  get name(): string {
    return this.#connector.name;
  }

  /** The peers that are there now, by id. */
  get peers(): ReadonlyMap<PeerId, Messenger<M>> {
    return this.#peers;
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Sends a message to every peer that is there. True when all of them keep up. A peer for whom too much waits already
   * is left out, with a `'warning'`.
   * @throws {CableCarError} ERR_CLOSED, ERR_MESSAGE_UNREGISTERED, ERR_MESSAGE_ENCODE, ERR_MESSAGE_TOO_LARGE
   */
  broadcast(message: M): boolean {
    this.#demandOpen('broadcast()');
    let below = true;
    for (const peer of this.#peers.values()) below = this.#sendTo(peer, message) && below;
    return below;
  }

  /**
   * The first peer: at once when one is there, else as soon as one is met.
   * @throws {CableCarError} ERR_TIMEOUT, ERR_CLOSED (rejects), or `signal.reason`
   */
  async firstPeer(options: WaitOptions = {}): Promise<Messenger<M>> {
    const peers = new PeerStream<M>(this);
    try {
      const first = await within(peers.next(), 'meeting a peer', {
        ...options,
        clock: this.#clock,
      });
      if (first.done) throw closedError('firstPeer()');
      return first.value;
    } finally {
      await peers.return();
    }
  }

  /**
   * The messages of all peers, those to come included, in one stream; it ends when the mesh closes. A peer that is lost
   * ends its part only.
   * @throws {CableCarError} ERR_CONCURRENT_READ (rejects) when a peer is read otherwise, or `signal.reason`
   */
  messages(options: StreamOptions = {}): AsyncIterableIterator<PeerMessage<M>> {
    return new MergedStream<M>(this, options);
  }

  /** The peers as they come, those that are there first; ends when the mesh closes. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Messenger<M>> {
    return new PeerStream<M>(this);
  }

  /**
   * Changes what others see of this peer before they connect, and in `peer.info` after.
   * @throws {CableCarError} ERR_OPTION when it is no JSON or too large
   */
  setMetadata(metadata: Metadata): void {
    this.#connector.setMetadata(metadata);
  }

  /**
   * Ends in order: stops announcing, closes every messenger as {@link Messenger.close} does, and releases every socket
   * and timer. Idempotent; never rejects.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(options: CloseOptions): Promise<void> {
    // Nobody new from here on: who came now would only be sent away, and come again. Links stay open meanwhile.
    const stopping = this.#connector.stop();
    await Promise.all([...this.#peers.values()].map((peer) => peer.close(options)));
    await stopping;
    this.deliver('close');
  }

  #meet(link: Link): void {
    if (this.closed) return link.destroy();
    this.#peers.get(link.peer.id)?.destroy();
    const peer = new Messenger(link, this.#options) as unknown as Messenger<M>;
    this.#peers.set(link.peer.id, peer);
    peer.on('warning', (error) => void this.deliver('warning', error));
    peer.on('close', () => {
      if (this.#peers.get(link.peer.id) === peer) this.#peers.delete(link.peer.id);
      this.deliver('peer:lost', peer);
    });
    this.deliver('peer', peer);
  }

  #sendTo(peer: Messenger<M>, message: M): boolean {
    try {
      return peer.send(message);
    } catch (error) {
      if (CableCarError.is(error, 'ERR_OUTBOX_FULL')) this.deliver('warning', error);
      // A peer that closes just now is no fault of the caller's.
      else if (!CableCarError.is(error, 'ERR_CLOSED')) throw error;
      return false;
    }
  }

  #demandOpen(call: string): void {
    if (this.closed) throw closedError(call);
  }
}

function closedError(call: string): CableCarError {
  return new CableCarError('ERR_CLOSED', `${call} after close(), expected it before`);
}
