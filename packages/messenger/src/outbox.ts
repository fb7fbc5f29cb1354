import { ByteWriter, CableCarError, type Message } from '@cablecar/core-protocol';

/** How much an outbox holds. */
export interface OutboxLimits {
  /** Bytes above which `append()` answers false. */
  readonly highWaterBytes: number;
  /** Bytes above which `append()` throws. */
  readonly limitBytes: number;
}

/** What an outbox needs to know of the link beneath it. */
export interface OutboxLink {
  /** Encodes a message as the writer's item; throws what is wrong with it. */
  encode(message: Message, writer: ByteWriter): void;
  /** Whether nothing that was taken waits to be written, so that its memory may be used again. */
  isWritten(): boolean;
}

/** A stretch of memory that holds frames; its first byte has the running number `base`. */
interface Block {
  readonly bytes: Buffer;
  readonly base: number;
}

const BLOCK_BYTES = 16_384;

/**
 * The log of encoded message frames, from the oldest that the peer has not acknowledged to the newest.
 * One queue serves three needs: waiting for the end of the turn, waiting for credit, and waiting for the
 * acknowledgement.
 *
 * Messages are numbered from 1 and bytes from 0 over the life of a session:
 * acknowledged ≤ written ≤ sendable ≤ appended.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #link: OutboxLink;
  /** Memory of messages that have gone, for those to come: at most what may wait below the high-water mark. */
  readonly #spare: Buffer[] = [];
  #writer = this.#newWriter();
  #blocks: Block[] = [{ bytes: this.#writer.bytes, base: 0 }];
  /** A ring: where each unacknowledged message ends, as a running byte number. */
  #ends: Float64Array = new Float64Array(64);
  #appended = 0;
  #acknowledged = 0;
  #sendable = 0;
  #appendedBytes = 0;
  #largestBytes = 0;
  #acknowledgedBytes = 0;
  #sendableBytes = 0;
  #writtenBytes = 0;
  #grantedMessages = 0;
  #grantedBytes = 0;
  /** Whether append() has answered false and the writer waits to hear. */
  #over = false;

  constructor(limits: OutboxLimits, link: OutboxLink) {
    this.#limits = limits;
    this.#link = link;
  }

  /** Messages appended since the session began. */
  get appended(): number {
    return this.#appended;
  }

  /** Bytes of frames appended since the session began. */
  get appendedBytes(): number {
    return this.#appendedBytes;
  }

  /** The largest frame so far. */
  get largestBytes(): number {
    return this.#largestBytes;
  }

  /** Messages that the peer has acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Messages that the peer has not acknowledged. */
  get pendingMessages(): number {
    return this.#appended - this.#acknowledged;
  }

  /** Bytes that the peer has not acknowledged. */
  get pendingBytes(): number {
    return this.#appendedBytes - this.#acknowledgedBytes;
  }

  /** Whether there are bytes that may be written now. */
  get ready(): boolean {
    return this.#writtenBytes < this.#sendableBytes;
  }

  /**
   * Appends one message. Answers whether the log is still below its high-water mark. When the message cannot be
   * encoded, nothing has changed.
   * @throws {CableCarError} ERR_OUTBOX_FULL, and what encoding throws
   */
  append(message: Message): boolean {
    const { limitBytes, highWaterBytes } = this.#limits;
    if (this.pendingBytes >= limitBytes) {
      throw new CableCarError(
        'ERR_OUTBOX_FULL',
        `${this.pendingBytes} bytes wait for the peer, expected the sender to stop below ${limitBytes}`,
      );
    }
    const writer = this.#writer;
    writer.begin();
    try {
      this.#link.encode(message, writer);
    } catch (error) {
      writer.rollBack();
      this.#followWriter();
      throw error;
    }
    this.#followWriter();
    this.#record(writer.length - writer.start);
    if (this.pendingBytes < highWaterBytes) return true;
    this.#over = true;
    return false;
  }

  /** The peer's credit: running totals, so that an older word does no harm. */
  grant(messages: number, bytes: number): void {
    this.#grantedMessages = Math.max(this.#grantedMessages, messages);
    this.#grantedBytes = Math.max(this.#grantedBytes, bytes);
    while (this.#sendable < this.#appended && this.#allowed(this.#sendable + 1)) {
      this.#sendableBytes = this.#endOf(++this.#sendable);
    }
  }

  /**
   * The peer has received this many messages in all; their memory is given up.
   * Answers whether a writer that was told to wait may go on.
   */
  acknowledge(received: number): boolean {
    if (received > this.#acknowledged) {
      this.#acknowledgedBytes = this.#endOf(received);
      this.#acknowledged = received;
      this.#catchUp();
      this.#release();
    }
    if (!this.#over || this.pendingBytes > this.#limits.highWaterBytes / 2) return false;
    this.#over = false;
    return true;
  }

  /**
   * The connection is gone, and with it the credit: what is not acknowledged will be written again once the peer has
   * said what it received and has given credit anew.
   */
  rewind(): void {
    this.#writtenBytes = this.#sendableBytes = this.#acknowledgedBytes;
    this.#sendable = this.#acknowledged;
    this.#grantedMessages = this.#grantedBytes = 0;
  }

  /** The bytes that may be written now, in order; they count as written. */
  take(): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (const [index, { bytes, base }] of this.#blocks.entries()) {
      if (!this.ready) break;
      const end = this.#blocks[index + 1]?.base ?? this.#appendedBytes;
      if (this.#writtenBytes >= end) continue;
      const stop = Math.min(end, this.#sendableBytes);
      pieces.push(bytes.subarray(this.#writtenBytes - base, stop - base));
      this.#writtenBytes = stop;
    }
    return pieces;
  }

  /** The writer moves to a new block when one is full; the frame under way goes with it. */
  #followWriter(): void {
    const last = this.#blocks[this.#blocks.length - 1] as Block;
    const { bytes, start } = this.#writer;
    if (bytes !== last.bytes) this.#blocks.push({ bytes, base: this.#appendedBytes - start });
  }

  #record(frameBytes: number): void {
    if (this.pendingMessages === this.#ends.length) this.#growRing();
    this.#appendedBytes += frameBytes;
    if (frameBytes > this.#largestBytes) this.#largestBytes = frameBytes;
    this.#appended++;
    this.#ends[this.#appended & (this.#ends.length - 1)] = this.#appendedBytes;
    if (this.#sendable === this.#appended - 1 && this.#allowed(this.#appended)) {
      this.#sendable = this.#appended;
      this.#sendableBytes = this.#appendedBytes;
    }
  }

  /** What the peer has received needs not be written, also where it was thought lost. */
  #catchUp(): void {
    this.#writtenBytes = Math.max(this.#writtenBytes, this.#acknowledgedBytes);
    if (this.#sendable >= this.#acknowledged) return;
    this.#sendable = this.#acknowledged;
    this.#sendableBytes = this.#acknowledgedBytes;
  }

  #allowed(number: number): boolean {
    return number <= this.#grantedMessages && this.#endOf(number) <= this.#grantedBytes;
  }

  #endOf(number: number): number {
    return this.#ends[number & (this.#ends.length - 1)] as number;
  }

  #growRing(): void {
    const grown = new Float64Array(2 * this.#ends.length);
    for (let number = this.#acknowledged + 1; number <= this.#appended; number++) {
      grown[number & (grown.length - 1)] = this.#endOf(number);
    }
    this.#ends = grown;
  }

  /** Gives up the memory of what is acknowledged. */
  #release(): void {
    let done = 0;
    while ((this.#blocks[done + 1]?.base ?? Infinity) <= this.#acknowledgedBytes) done++;
    const released = done > 0 ? this.#blocks.splice(0, done) : [];
    if (!this.#link.isWritten()) return;
    for (const { bytes } of released) this.#keep(bytes);
    if (this.pendingBytes > 0) return;
    // From the beginning again; the memory of a large message is let go.
    if (this.#writer.bytes.length > BLOCK_BYTES) this.#writer = this.#newWriter();
    else this.#writer.clear();
    this.#blocks = [{ bytes: this.#writer.bytes, base: this.#appendedBytes }];
  }

  #keep(bytes: Buffer): void {
    const room = this.#limits.highWaterBytes / BLOCK_BYTES;
    if (bytes.length === BLOCK_BYTES && this.#spare.length < room) this.#spare.push(bytes);
  }

  #newWriter(): ByteWriter {
    return new ByteWriter(BLOCK_BYTES, (bytes) => this.#allocate(bytes));
  }

  #allocate(bytes: number): Buffer {
    const spare = bytes === BLOCK_BYTES ? this.#spare.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(bytes);
  }
}
