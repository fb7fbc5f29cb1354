import type { AckFrame } from '@cablecar/core-protocol';

/**
 * The receiver's books: what came, what the application took, and what the sender has been told.
 * The sender may be `window` ahead of what was taken.
 */
export class Credit {
  readonly #windowMessages: number;
  readonly #windowBytes: number;
  #received = 0;
  #receivedBytes = 0;
  #taken = 0;
  #takenBytes = 0;
  #told: AckFrame;

  constructor(windowMessages: number, windowBytes: number) {
    this.#windowMessages = windowMessages;
    this.#windowBytes = windowBytes;
    this.#told = { received: 0, grantedMessages: windowMessages, grantedBytes: windowBytes };
  }

  /** Messages came; false when they are more than the sender had credit for. */
  receive(messages: number, bytes: number): boolean {
    this.#received += messages;
    this.#receivedBytes += bytes;
    return (
      this.#received <= this.#told.grantedMessages && this.#receivedBytes <= this.#told.grantedBytes
    );
  }

  /** The application took messages. */
  take(messages: number, bytes: number): void {
    this.#taken += messages;
    this.#takenBytes += bytes;
  }

  /** Whether the sender does not know the latest. */
  get stale(): boolean {
    return this.#received > this.#told.received || this.#grantable() > this.#told.grantedMessages;
  }

  /** Whether the news is worth a frame at once: a quarter of the window has come, or has been freed. */
  get due(): boolean {
    const { received, grantedMessages, grantedBytes } = this.#told;
    return (
      this.#received - received >= this.#windowMessages / 4 ||
      this.#grantable() - grantedMessages >= this.#windowMessages / 4 ||
      this.#grantableBytes() - grantedBytes >= this.#windowBytes / 4
    );
  }

  /** Whether the sender may be short of credit while there is more for it: it has less than half of a window left. */
  get scarce(): boolean {
    const { grantedMessages, grantedBytes } = this.#told;
    return (
      (this.#grantable() > grantedMessages &&
        grantedMessages - this.#received < this.#windowMessages / 2) ||
      (this.#grantableBytes() > grantedBytes &&
        grantedBytes - this.#receivedBytes < this.#windowBytes / 2)
    );
  }

  /** The news as a frame; from now on the sender knows. */
  tell(): AckFrame {
    this.#told = {
      received: this.#received,
      grantedMessages: this.#grantable(),
      grantedBytes: this.#grantableBytes(),
    };
    return this.#told;
  }

  #grantable(): number {
    return this.#taken + this.#windowMessages;
  }

  #grantableBytes(): number {
    return this.#takenBytes + this.#windowBytes;
  }
}
