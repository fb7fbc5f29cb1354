import { CableCarError, type Message } from '@cablecar/core-protocol';
import type { SendOptions } from './delivery.ts';
import type { Messenger } from './messenger.ts';
import type { Reader } from './reader.ts';

/** How much one {@link GameLoopAdapter.xfer} takes in. */
export interface XferOptions {
  /** Messages that `get()` will give until the next `xfer()`. @default Infinity (range 0 to Infinity) */
  readonly maxMessages?: number;
  /** Bytes of frames that `get()` will give until the next `xfer()`; the first message always fits. @default Infinity (range 0 to Infinity) */
  readonly maxBytes?: number;
}

/**
 * A messenger as a game loop wants it: `send()`, `xfer()` once a frame, `get()` until null.
 * `get()` gives only what had arrived by the last `xfer()`, so the world does not change in the middle of a frame.
 */
export class GameLoopAdapter<M extends Message = Message> {
  readonly messenger: Messenger<M>;
  #reader: Reader<M> | undefined;
  /** Frames that get() may still give. */
  #allowance = 0;
  /** Whether the program knows that there is no more: by an `xfer()` that answered false, or because it closed. */
  #hasToldEnd = false;

  constructor(messenger: Messenger<M>) {
    this.messenger = messenger;
  }

  /** Whether the messenger has ended. */
  get closed(): boolean {
    return this.messenger.closed;
  }

  /**
   * As {@link Messenger.send}; leaves with the next `xfer()`, or at the end of this turn. The peer may leave between two
   * frames: from then on it answers false, and throws only once `xfer()` has told of the end.
   * @throws {CableCarError} as {@link Messenger.send}
   */
  send(message: M, options?: SendOptions): boolean {
    if (this.closed && !this.#hasToldEnd) return false;
    return this.messenger.send(message, options);
  }

  /**
   * Writes what was sent, in one write, and takes in what has come. False once the messenger has ended and everything
   * that came has been given out.
   * @throws {CableCarError} ERR_OPTION, ERR_CONCURRENT_READ
   */
  xfer({ maxMessages = Infinity, maxBytes = Infinity }: XferOptions = {}): boolean {
    checkBudget('maxMessages', maxMessages);
    checkBudget('maxBytes', maxBytes);
    const reader = (this.#reader ??= this.messenger.openReader());
    this.messenger.writeNow();
    this.#allowance = reader.countWithin(maxMessages, maxBytes);
    this.#hasToldEnd = this.closed && reader.waiting === 0;
    return !this.#hasToldEnd;
  }

  /**
   * The next message that had arrived by the last `xfer()`; null when there is no more.
   * @throws {CableCarError} ERR_CONCURRENT_READ
   */
  get(): M | null {
    const reader = (this.#reader ??= this.messenger.openReader());
    while (this.#allowance > 0) {
      this.#allowance--;
      const message = reader.takeOne();
      if (message !== undefined) return message;
    }
    return null;
  }

  /** Ends at once; what is unsent is lost. */
  close(): void {
    this.#release();
    this.messenger.destroy();
  }

  /** Sends what is left, says goodbye, and resolves when all is closed. */
  shutdown(): Promise<void> {
    this.#release();
    return this.messenger.close();
  }

  #release(): void {
    this.#hasToldEnd = true;
    this.#allowance = 0;
    this.#reader?.release();
    this.#reader = undefined;
  }
}

function checkBudget(field: string, value: number): void {
  if (!(value >= 0)) {
    throw new CableCarError(
      'ERR_OPTION',
      `${field} is ${String(value)}, expected a number of 0 or more`,
    );
  }
}
