import {
  Emitter,
  registryOf,
  type Link,
  type Message,
  type MessageClass,
  type MessageOf,
  type PeerInfo,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { Histogram } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import type { CloseOptions } from './close-options.ts';
import type { SendOptions } from './delivery.ts';
import type { MessengerEvents } from './events.ts';
import { MessageStream, type StreamOptions } from './message-stream.ts';
import { resolveMessengerOptions, type MessengerOptions } from './options.ts';
import { concurrentRead, Reader } from './reader.ts';
import { Session } from './session.ts';
import type { SessionEnd } from './session-types.ts';
import type { MessengerStats } from './stats.ts';
import { makeWire } from './make-wire.ts';
import { streamLink } from './stream-link.ts';

const NO_MESSAGES: readonly MessageClass[] = [];

/** What {@link Messenger} is made of; made by `new Messenger()`, which infers `M`. */
export class MessengerShell<M extends Message = Message>
  extends Emitter<MessengerEvents<M>>
  implements AsyncIterable<M>, AsyncDisposable
{
  readonly #link: Link;
  readonly #session: Session;
  readonly #flushTimeoutMs: number;
  readonly #closing: Promise<void>;
  #reader: Reader<M> | undefined;

  /**
   * Begins to speak at once.
   * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE
   */
  constructor(over: Link | Duplex, options: MessengerOptions = {}) {
    super();
    const resolved = resolveMessengerOptions(options);
    const registry = registryOf(options.messages ?? NO_MESSAGES);
    this.#link = 'peer' in over ? over : streamLink(over, resolved.wire);
    this.#flushTimeoutMs = resolved.flushTimeoutMs;
    let closed = (): void => {};
    this.#closing = new Promise((resolve) => (closed = resolve));
    const link = this.#link;
    const wire = makeWire(registry, resolved, link);
    this.#session = new Session(
      { link, wire, options: resolved },
      {
        onMessage: (message) => void this.deliver('message', message as M),
        onArrival: () =>
          this.#reader ? this.#reader.onArrival?.() : this.#session.inflow.deliverQueued(),
        onDrain: () => void this.deliver('drain'),
        onWarning: (error) => void this.deliver('warning', error),
        onVerify: () => void this.deliver('verify'),
        onSuspect: () => void this.deliver('suspect'),
        onResume: () => void this.deliver('resume'),
        onClose: (end) => {
          this.#tellClose(end);
          closed();
        },
      },
    );
    this.#session.start();
  }

  /** Who is at the other end. */
  get info(): PeerInfo {
    return this.#link.peer;
  }

  /** Whether the messenger has ended; messages that arrived before may still be waiting. */
  get closed(): boolean {
    return this.#session.closed !== undefined;
  }

  /** Counters, rates and round-trip times up to now. */
  get stats(): MessengerStats {
    return this.#session.stats.read();
  }

  /** All round-trip times from when this is first asked for, in microseconds; a classic wire has none. */
  get roundTripsUs(): Histogram {
    return this.#session.stats.roundTripsUs;
  }

  /**
   * Sends a message at the end of this turn, together with all others of the turn. True when the peer keeps up; false
   * asks to wait for `'drain'` (the message is on its way all the same).
   *
   * Reliable messages arrive in order and once. What is sent as `latest`, as `volatile` or to expire goes as soon as the
   * connection lets it, which may be before reliable ones that were sent earlier.
   * @throws {CableCarError} ERR_CLOSED, ERR_OUTBOX_FULL, ERR_OPTION, ERR_MESSAGE_UNREGISTERED, ERR_MESSAGE_ENCODE,
   *   ERR_MESSAGE_TOO_LARGE, ERR_PEER_LIMIT
   */
  send(message: M, options?: SendOptions): boolean {
    return this.#session.send(message, options);
  }

  /**
   * Sends a message, reliably, and resolves when the peer has received it (received, not necessarily taken).
   * @throws {CableCarError} ERR_TIMEOUT (rejects; the message is on its way all the same), what {@link send} throws
   *   (rejects), or `signal.reason`
   */
  async sent(message: M, options: WaitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    this.send(message);
    await this.flush(options);
  }

  /**
   * Resolves when the peer has received everything sent before this call that was not replaced or dropped by its
   * delivery (received, not necessarily taken).
   * @throws {CableCarError} ERR_TIMEOUT, ERR_CLOSED (rejects), or `signal.reason`
   */
  flush(options: WaitOptions = {}): Promise<void> {
    return this.#session.flush(options);
  }

  /**
   * Six digits that are the same at both ends, once both have called this, for two people to compare aloud. They differ
   * where somebody sits in between, and where one of the two is not whom the other thinks.
   * @throws {CableCarError} ERR_STATE where nothing is encrypted, ERR_TIMEOUT, ERR_CLOSED, ERR_CONNECTION_LOST
   *   (rejects), or `signal.reason`
   */
  verify(options: WaitOptions = {}): Promise<string> {
    return this.#session.verify(options);
  }

  /**
   * Ends in order: waits until the peer has received what was sent, says goodbye, and resolves when all is closed.
   * Idempotent; never rejects. Messages that have arrived can still be taken.
   */
  close({ flushTimeoutMs = this.#flushTimeoutMs, reason = '' }: CloseOptions = {}): Promise<void> {
    this.#session.close(flushTimeoutMs, reason);
    return this.#closing;
  }

  /** Ends at once, without a goodbye; what is unsent is lost. */
  destroy(): void {
    this.#session.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<M> {
    return this.messages();
  }

  /**
   * The messages one by one. The stream ends when the peer closes and throws if the connection was lost.
   * @throws {CableCarError} ERR_CONCURRENT_READ, ERR_CONNECTION_LOST, ERR_PEER_SILENT (rejects)
   */
  messages(options: StreamOptions = {}): AsyncIterableIterator<M> {
    return this.#streamOf((reader) => reader.take(), options);
  }

  /**
   * The messages as arrays of everything that is there, in order, never empty: the fastest way to read by `for await`.
   * @throws {CableCarError} as {@link messages}
   */
  batches(options: StreamOptions = {}): AsyncIterableIterator<M[]> {
    return this.#streamOf((reader) => reader.takeBatch(), options);
  }

  /**
   * Takes the right to read until it is released: the door beneath `for await`, `batches()` and the game-loop adapter.
   * @throws {CableCarError} ERR_CONCURRENT_READ
   */
  openReader(): Reader<M> {
    if (this.#reader !== undefined || this.#session.inflow.isDirect) {
      throw concurrentRead(this.#reader ? 'another reader' : "a 'message' listener");
    }
    this.#reader = new Reader<M>(this.#session, () => (this.#reader = undefined));
    return this.#reader;
  }

  /**
   * Has messages of a class given to `take` as they arrive, past the inbox and whoever reads: for what works beside the
   * program's own messages, as the lobby does. It must not throw.
   * @internal
   */
  divert<Diverted extends Message>(
    messageClass: abstract new (...fields: never[]) => Diverted,
    take: (message: Diverted) => void,
  ): void {
    this.#session.inflow.divert(messageClass, take as (message: Message) => void);
  }

  /** Writes what was sent in this turn at once. @internal */
  writeNow(): void {
    this.#session.outflow.writeNow();
  }

  /** @internal */
  protected override willListen(event: keyof MessengerEvents<M>): void {
    if (event !== 'message') return;
    if (this.#reader !== undefined) throw concurrentRead('a reader');
    // By then the listener is there.
    this.#link.clock.endOfTurn(() => this.#session.inflow.deliverQueued());
  }

  /** @internal */
  protected override listenersChanged(event: keyof MessengerEvents<M>): void {
    if (event === 'message') this.#session.inflow.isDirect = this.listenerCount(event) > 0;
  }

  #streamOf<Item>(
    take: (reader: Reader<M>) => Item | undefined,
    options: StreamOptions,
  ): AsyncIterableIterator<Item> {
    return new MessageStream<M, Item>(() => this.openReader(), take, options);
  }

  #tellClose({ code, reason, error }: SessionEnd): void {
    this.#reader?.onArrival?.();
    const undelivered = this.#session.outflow.outbox.pendingMessages;
    this.deliver('close', { code, reason, error, undelivered });
  }
}

/**
 * Typed messages with one peer, over a link or any stream: as events, by `for await`, or polled by a game loop.
 * Messages sent in one turn leave in one write, arrive in order and once.
 */
export interface Messenger<M extends Message = Message> extends MessengerShell<M> {}

/** Makes messengers: a class's own type parameters cannot be inferred from a list of classes, a constructor's can. */
export interface MessengerConstructor {
  readonly prototype: Messenger;
  /**
   * Begins to speak at once.
   * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE
   */
  new <const Classes extends readonly MessageClass[] = readonly MessageClass[]>(
    over: Link | Duplex,
    options?: MessengerOptions<Classes>,
  ): Messenger<MessageOf<Classes>>;
}

/** {@link MessengerConstructor} */
export const Messenger: MessengerConstructor = MessengerShell;
