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
import {
  Messenger,
  type CloseOptions,
  type SendOptions,
  type StreamOptions,
} from '@cablecar/messenger';
import type { MeshEvents } from './events.ts';
import { MergedStream, type PeerMessage } from './merged-stream.ts';
import type { Journal } from './observe/journal.ts';
import { reportOf, type MeshReport } from './observe/mesh-report.ts';
import { MeshTotals, type MeshStats } from './observe/mesh-stats.ts';
import type { JoinOptions } from './options.ts';
import { PeerStream } from './peer-stream.ts';

/** The options of a mesh that runs in a world and keeps a journal. */
type ObservedOptions = JoinOptions & Required<Pick<JoinOptions, 'transport' | 'observer'>>;

/**
 * Everybody of one service on the network, each as a messenger. Made by {@link join}.
 */
export class Mesh<M extends Message = Message>
  extends Emitter<MeshEvents<M>>
  implements AsyncIterable<Messenger<M>>, AsyncDisposable
{
  readonly #connector: BroadcastConnector;
  readonly #options: ObservedOptions;
  readonly #journal: Journal;
  readonly #totals = new MeshTotals();
  readonly #peers = new Map<PeerId, Messenger<M>>();
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(connector: BroadcastConnector, options: ObservedOptions, journal: Journal) {
    super();
    this.#connector = connector;
    this.#options = options;
    this.#journal = journal;
    connector.on('peer', (link) => this.#meet(link));
    connector.on('peer:update', (link) => {
      const peer = this.#peers.get(link.peer.id);
      if (peer) this.deliver('peer:update', peer);
    });
    connector.on('identity-conflict', (it) => void this.deliver('identity-conflict', it));
    connector.on('warning', (error) => void this.deliver('warning', error));
  }

  /** @internal */
  get clock(): Clock {
    return this.#options.transport.clock;
  }

  /** @internal */
  start(): Promise<void> {
    return this.#connector.start();
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

  /** Counters and rates of the whole mesh, up to now. */
  get stats(): MeshStats {
    const { counts: events, suspects } = this.#journal;
    const { datagrams } = this.#connector;
    const sums = this.#totals.read(this.#peers.values());
    return { peers: this.#peers.size, suspects: suspects.size, ...sums, events, datagrams };
  }

  /**
   * How the mesh is and what has happened to it, as JSON for a bug report: settings, counters, peers, the latest events.
   * No message, metadata, secret or key is in it; names and addresses are.
   */
  report(): MeshReport {
    const { id, name, closed, stats } = this;
    const seen = { stats, suspects: this.#journal.suspects, events: this.#journal.events() };
    const peers = this.#peers.values();
    const now = this.clock.wallNow();
    return reportOf({ id, name, closed, options: this.#options, peers, ...seen, now });
  }

  /**
   * Sends a message to every peer that is there. True when all of them keep up. A peer for whom too much waits already,
   * or who takes no message of this size, is left out, with a `'warning'`.
   * @throws {CableCarError} ERR_CLOSED, ERR_OPTION, ERR_MESSAGE_UNREGISTERED, ERR_MESSAGE_ENCODE, ERR_MESSAGE_TOO_LARGE
   */
  broadcast(message: M, options?: SendOptions): boolean {
    this.#demandOpen('broadcast()');
    let below = true;
    for (const peer of this.#peers.values()) below = this.#sendTo(peer, message, options) && below;
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
        clock: this.clock,
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
    // Nobody new from here on: who came now would only be sent away, and come again. But a peer whose connection is lost
    // gets another one, so that what was sent to it arrives.
    this.#connector.retire();
    await Promise.all([...this.#peers.values()].map((peer) => peer.close(options)));
    await this.#connector.stop();
    this.deliver('close');
  }

  #meet(link: Link): void {
    if (this.closed) return void new Messenger(link, this.#options).close();
    this.#peers.get(link.peer.id)?.destroy();
    const peer = new Messenger(link, this.#options) as unknown as Messenger<M>;
    this.#peers.set(link.peer.id, peer);
    peer.on('warning', (error) => void this.deliver('warning', error));
    peer.on('close', () => {
      if (this.#peers.get(link.peer.id) === peer) this.#peers.delete(link.peer.id);
      this.#totals.keep(peer);
      this.deliver('peer:lost', peer);
    });
    this.deliver('peer', peer);
  }

  #sendTo(peer: Messenger<M>, message: M, options: SendOptions | undefined): boolean {
    try {
      return peer.send(message, options);
    } catch (error) {
      if (isOfThePeer(error)) {
        this.#journal.note({ kind: 'warning', peer: peer.info, error });
        this.deliver('warning', error);
      } else if (!CableCarError.is(error, 'ERR_CLOSED')) {
        throw error; // that a peer closes just now would be no fault of the caller's
      }
      return false;
    }
  }

  #demandOpen(call: string): void {
    if (this.closed) throw closedError(call);
  }
}

/** What one peer cannot take is no reason to keep it from the others. */
function isOfThePeer(error: unknown): error is CableCarError {
  return CableCarError.is(error, 'ERR_OUTBOX_FULL') || CableCarError.is(error, 'ERR_PEER_LIMIT');
}

function closedError(call: string): CableCarError {
  return new CableCarError('ERR_CLOSED', `${call} after close(), expected it before`);
}
