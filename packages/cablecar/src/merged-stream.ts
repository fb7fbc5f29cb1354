import type { Message } from '@cablecar/core-protocol';
import type { Messenger, Reader, StreamOptions } from '@cablecar/messenger';
import type { PeerSource } from './peer-source.ts';

/** A message, and whom it is from. */
export interface PeerMessage<M extends Message = Message> {
  readonly peer: Messenger<M>;
  readonly message: M;
}

/** The messages of all peers of a mesh in one stream: each peer in its order, the peers in turns. */
export class MergedStream<M extends Message> implements AsyncIterableIterator<PeerMessage<M>> {
  readonly #mesh: PeerSource<M>;
  readonly #signal: AbortSignal | undefined;
  /** In the order of their turns. */
  readonly #readers = new Map<Messenger<M>, Reader<M>>();
  /** What the stream is about to end by. */
  #failure: unknown;
  #started = false;
  #finished = false;
  #wake: (() => void) | undefined;
  /** Calls of `next()` wait for each other, so that messages keep their order. */
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  constructor(mesh: PeerSource<M>, { signal }: StreamOptions) {
    this.#mesh = mesh;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<PeerMessage<M>, undefined>> {
    this.#start();
    // The common case takes no turn: nobody waits and something is there.
    const value = this.#pending === 0 ? this.#take() : undefined;
    if (value !== undefined) return Promise.resolve({ done: false, value });
    this.#pending++;
    const next = this.#last.then(() => this.#wait());
    this.#last = next.then(
      () => this.#pending--,
      () => this.#pending--,
    );
    return next;
  }

  return(): Promise<IteratorResult<PeerMessage<M>, undefined>> {
    this.#finish();
    this.#failure = undefined;
    for (const reader of this.#readers.values()) reader.release();
    this.#readers.clear();
    return Promise.resolve({ done: true, value: undefined });
  }

  #start(): void {
    if (this.#started || this.#finished) return;
    this.#started = true;
    if (this.#signal?.aborted) {
      this.#failure = this.#signal.reason;
      return;
    }
    if (this.#mesh.closed) {
      this.#finished = true;
      return;
    }
    for (const peer of this.#mesh.peers.values()) this.#add(peer);
    this.#mesh.on('peer', this.#add);
    this.#mesh.on('close', this.#finish);
    this.#signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async #wait(): Promise<IteratorResult<PeerMessage<M>, undefined>> {
    for (;;) {
      const value = this.#take();
      if (value !== undefined) return { done: false, value };
      const failure = this.#failure;
      if (failure !== undefined) {
        void this.return();
        throw failure;
      }
      if (this.#finished) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(): PeerMessage<M> | undefined {
    if (this.#failure !== undefined) return undefined;
    for (const [peer, reader] of this.#readers) {
      const message = reader.take();
      if (reader.ended) {
        reader.release();
        this.#readers.delete(peer);
      }
      if (message === undefined) continue;
      // To the end of the row.
      if (this.#readers.delete(peer)) this.#readers.set(peer, reader);
      return { peer, message };
    }
    return undefined;
  }

  readonly #add = (peer: Messenger<M>): void => {
    try {
      const reader = peer.openReader();
      reader.onArrival = this.#notify;
      this.#readers.set(peer, reader);
    } catch (error) {
      this.#failure = error;
    }
    this.#notify();
  };

  readonly #abort = (): void => {
    this.#failure ??= this.#signal?.reason;
    this.#notify();
  };

  readonly #notify = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };

  readonly #finish = (): void => {
    this.#finished = true;
    this.#mesh.off('peer', this.#add);
    this.#mesh.off('close', this.#finish);
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#notify();
  };
}
