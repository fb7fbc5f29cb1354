import {
  CableCarError,
  Emitter,
  MessageRegistry,
  type Link,
  type Message,
  type MessageClass,
  type MessageOf,
  type PeerInfo,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { Duplex } from 'node:stream';
import type { MessengerEvents } from './events.ts';
import { MessageStream, type StreamOptions } from './message-stream.ts';
import { resolveMessengerOptions, type MessengerOptions } from './options.ts';
import { Reader } from './reader.ts';
import { Session } from './session.ts';
import type { SessionEnd } from './session-types.ts';
import { statsOf, type MessengerStats } from './stats.ts';
import { makeWire } from './make-wire.ts';
import { streamLink } from './stream-link.ts';

/** How a messenger is closed. */
export interface CloseOptions {
  /** How long to wait for the peer to receive what was sent, in milliseconds. @default the messenger's `flushTimeoutMs` */
  readonly flushTimeoutMs?: number;
  /** What the peer is told, at most 123 bytes of UTF-8. */
  readonly reason?: string;
}

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
  #told = false;

  /**
   * Begins to speak at once.
   * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE
   */
  constructor(over: Link | Duplex, options: MessengerOptions = {}) {
    super();
    const resolved = resolveMessengerOptions(options);
    const registry = new MessageRegistry(options.messages ?? []);
    this.#link = 'peer' in over ? over : streamLink(over, resolved.wire);
    this.#flushTimeoutMs = resolved.flushTimeoutMs;
    let closed = (): void => {};
    this.#closing = new Promise((resolve) => {
      closed = resolve;
    });
    const link = this.#link;
    const wire = makeWire(registry, resolved, link);
    this.#session = new Session(
      { link, wire, options: resolved },
      {
        isDirect: () => this.#heard(),
        onMessage: (message) => void this.deliver('message', message as M),
        onArrival: () => (this.#reader ? this.#reader.onArrival?.() : this.#deliverQueued()),
        onDrain: () => void this.deliver('drain'),
        onWarning: (error) => void this.deliver('warning', error),
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

  /** Counters and round-trip times up to now. */
  get stats(): MessengerStats {
    return statsOf(this.#session);
  }

  /**
   * Sends a message at the end of this turn, together with all others of the turn. True when the peer keeps up; false
   * asks to wait for `'drain'` (the message is on its way all the same).
   * @throws {CableCarError} ERR_CLOSED, ERR_OUTBOX_FULL, ERR_MESSAGE_UNREGISTERED, ERR_MESSAGE_ENCODE,
   *   ERR_MESSAGE_TOO_LARGE
   */
  send(message: M): boolean {
    return this.#session.send(message);
  }

  /**
   * Resolves when the peer has received everything sent before this call (received, not necessarily taken).
   * @throws {CableCarError} ERR_TIMEOUT, ERR_CLOSED (rejects), or `signal.reason`
   */
  flush(options: WaitOptions = {}): Promise<void> {
    return this.#session.flush(options);
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
    return new MessageStream<M, M>(() => this.openReader(), takeMessage, options);
  }

  /**
   * The messages as arrays of everything that is there, in order, never empty: the fastest way to read by `for await`.
   * @throws {CableCarError} as {@link messages}
   */
  batches(options: StreamOptions = {}): AsyncIterableIterator<M[]> {
    return new MessageStream<M, M[]>(() => this.openReader(), takeBatch, options);
  }

  /**
   * Takes the right to read until it is released: the door beneath `for await`, `batches()` and the game-loop adapter.
   * @throws {CableCarError} ERR_CONCURRENT_READ
   */
  openReader(): Reader<M> {
    if (this.#reader !== undefined || this.listenerCount('message') > 0) {
      throw concurrentRead(this.#reader ? 'another reader' : "a 'message' listener");
    }
    const reader = new Reader<M>(this.#session, () => {
      this.#reader = undefined;
    });
    this.#reader = reader;
    return reader;
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
    this.#link.clock.endOfTurn(() => this.#deliverQueued());
  }

  /** Gives listeners what was queued before they came; from then on messages go to them directly. */
  #deliverQueued(): void {
    const { inflow } = this.#session;
    while (this.#heard() && inflow.inbox.length > 0) {
      const message = inflow.takeOne();
      if (message !== undefined) this.deliver('message', message as M);
    }
  }

  #heard(): boolean {
    return this.#reader === undefined && this.listenerCount('message') > 0;
  }

  #tellClose({ code, reason, error }: SessionEnd): void {
    if (this.#told) return;
    this.#told = true;
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

function takeMessage<M extends Message>(reader: Reader<M>): M | undefined {
  return reader.take();
}

function takeBatch<M extends Message>(reader: Reader<M>): M[] | undefined {
  const batch: M[] = [];
  for (let left = reader.waiting; left > 0; left--) {
    const message = reader.takeOne();
    if (message !== undefined) batch.push(message);
  }
  return batch.length > 0 ? batch : undefined;
}

function concurrentRead(by: string): CableCarError {
  return new CableCarError(
    'ERR_CONCURRENT_READ',
    `the messenger is read by ${by} already, expected one consumer at a time`,
  );
}
