import { CableCarError, type Message } from '@cablecar/core-protocol';
import type { Session } from './session.ts';

/**
 * The right to take messages from a messenger, held by one consumer at a time.
 * `for await`, `batches()` and the game-loop adapter are made of it.
 */
export class Reader<M extends Message> {
  /** Called when something has come, or nothing will any more. */
  onArrival: (() => void) | undefined;
  readonly #session: Session;
  readonly #onRelease: () => void;
  #released = false;

  constructor(session: Session, onRelease: () => void) {
    this.#session = session;
    this.#onRelease = onRelease;
  }

  /** Frames waiting; a frame is a message, or one that will be skipped. None for who gave the right back. */
  get waiting(): number {
    return this.#released ? 0 : this.#session.inflow.inbox.length;
  }

  /** How many of the waiting frames are within a budget; the first always is, unless no message is wanted. */
  countWithin(maxMessages: number, maxBytes: number): number {
    return this.#session.inflow.inbox.countWithin(maxMessages, maxBytes);
  }

  /** Whether nothing will come any more. */
  get ended(): boolean {
    return this.#released || (this.#session.closed !== undefined && this.waiting === 0);
  }

  /** What a consumer that reads to the end must throw there: the loss of the connection, or a fault. */
  get failure(): Error | undefined {
    const closed = this.#session.closed;
    return closed?.error;
  }

  /** Takes one frame, of which there must be one; undefined when it was skipped. */
  takeOne(): M | undefined {
    return this.#session.inflow.takeOne() as M | undefined;
  }

  /** Takes the next message; undefined when there is none yet. */
  take(): M | undefined {
    while (this.waiting > 0) {
      const message = this.takeOne();
      if (message !== undefined) return message;
    }
    return undefined;
  }

  /** Takes every message that is there; undefined when there is none. */
  takeBatch(): M[] | undefined {
    const batch: M[] = [];
    for (let left = this.waiting; left > 0; left--) {
      const message = this.takeOne();
      if (message !== undefined) batch.push(message);
    }
    return batch.length > 0 ? batch : undefined;
  }

  /** Resolves when something has come, the messenger has ended, or the reader was released. */
  arrival(): Promise<void> {
    if (this.waiting > 0 || this.ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.onArrival = resolve;
    });
  }

  /** Gives the right back; idempotent. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease();
    this.onArrival?.();
  }
}

/** What a second consumer is told. */
export function concurrentRead(by: string): CableCarError {
  return new CableCarError(
    'ERR_CONCURRENT_READ',
    `the messenger is read by ${by} already, expected one consumer at a time`,
  );
}
