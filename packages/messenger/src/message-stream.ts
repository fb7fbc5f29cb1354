import type { Message } from '@cablecar/core-protocol';
import type { Reader } from './reader.ts';

/** How a stream of messages is read. */
export interface StreamOptions {
  /** Aborting ends the stream by throwing `signal.reason`. */
  readonly signal?: AbortSignal;
}

/**
 * A reader as an async iterator of whatever `take` takes from it at a time.
 * It ends when the messenger closes, and throws if the connection was lost. Leaving the loop gives up the reader, not
 * the messenger.
 */
export class MessageStream<M extends Message, Item> implements AsyncIterableIterator<Item> {
  readonly #open: () => Reader<M>;
  readonly #take: (reader: Reader<M>) => Item | undefined;
  readonly #signal: AbortSignal | undefined;
  #reader: Reader<M> | undefined;
  #finished = false;
  /** Calls of `next()` wait for each other, so that messages keep their order. */
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  constructor(
    open: () => Reader<M>,
    take: (reader: Reader<M>) => Item | undefined,
    { signal }: StreamOptions = {},
  ) {
    this.#open = open;
    this.#take = take;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    if (this.#finished) return Promise.resolve({ done: true, value: undefined });
    let reader: Reader<M>;
    try {
      // At once: who asks first is the one consumer.
      reader = this.#reader ??= this.#open();
    } catch (error) {
      this.#finish();
      return Promise.reject(error);
    }
    // The common case takes no turn: nobody waits and something is there.
    if (this.#pending === 0 && !this.#signal?.aborted) {
      const item = this.#take(reader);
      if (item !== undefined) return Promise.resolve({ done: false, value: item });
    }
    this.#pending++;
    const next = this.#last.then(() => this.#wait(reader));
    this.#last = next.then(
      () => this.#pending--,
      () => this.#pending--,
    );
    return next;
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #wait(reader: Reader<M>): Promise<IteratorResult<Item, undefined>> {
    if (this.#finished) return { done: true, value: undefined };
    const onAbort = (): void => reader.onArrival?.();
    this.#signal?.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        if (this.#signal?.aborted) throw this.#signal.reason;
        const item = this.#take(reader);
        if (item !== undefined) return { done: false, value: item };
        if (reader.ended) break;
        await reader.arrival();
      }
      const { failure } = reader;
      this.#finish();
      if (failure !== undefined) throw failure;
      return { done: true, value: undefined };
    } catch (error) {
      this.#finish();
      throw error;
    } finally {
      this.#signal?.removeEventListener('abort', onAbort);
    }
  }

  #finish(): void {
    this.#finished = true;
    this.#reader?.release();
  }
}
