import type { Message } from '@cablecar/core-protocol';
import type { Messenger, Reader, StreamOptions } from '@cablecar/messenger';
import type { Mesh } from './mesh.ts';

/** A message, and whom it is from. */
export interface PeerMessage<M extends Message = Message> {
  readonly peer: Messenger<M>;
  readonly message: M;
}

/** The messages of all peers of a mesh in one stream: each peer in its order, the peers in turns. */
export class MergedStream<M extends Message> implements AsyncIterableIterator<PeerMessage<M>> {
  readonly #mesh: Mesh<M>;
  readonly #signal: AbortSignal | undefined;
  /** In the order of their turns. */
  readonly #readers = new Map<Messenger<M>, Reader<M>>();
  #failure: unknown;
  #started = false;
  #finished = false;
  #wake: (() => void) | undefined;

  constructor(mesh: Mesh<M>, { signal }: StreamOptions) {
    this.#mesh = mesh;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<PeerMessage<M>, undefined>> {
    this.#start();
    for (;;) {
      if (this.#failure !== undefined) return this.#fail(this.#failure);
      if (this.#signal?.aborted) return this.#fail(this.#signal.reason);
      const value = this.#take();
      if (value !== undefined) return { done: false, value };
      if (this.#finished) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  return(): Promise<IteratorResult<PeerMessage<M>, undefined>> {
    this.#finish();
    for (const reader of this.#readers.values()) reader.release();
    this.#readers.clear();
    return Promise.resolve({ done: true, value: undefined });
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    if (this.#mesh.closed) {
      this.#finished = true;
      return;
    }
    for (const peer of this.#mesh.peers.values()) this.#add(peer);
    this.#mesh.on('peer', this.#add);
    this.#mesh.on('close', this.#finish);
    this.#signal?.addEventListener('abort', this.#notify, { once: true });
  }

  #take(): PeerMessage<M> | undefined {
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

  #fail(reason: unknown): Promise<never> {
    void this.return();
    return Promise.reject(reason);
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

  readonly #notify = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };

  readonly #finish = (): void => {
    this.#finished = true;
    this.#mesh.off('peer', this.#add);
    this.#mesh.off('close', this.#finish);
    this.#signal?.removeEventListener('abort', this.#notify);
    this.#notify();
  };
}
