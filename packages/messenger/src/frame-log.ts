import { ByteWriter, isLarge, PART_BYTES, writeParts, type Message } from '@cablecar/core-protocol';
import { Spans } from './spans.ts';

/** A stretch of memory that holds frames; its first byte has the running number `base`. */
interface Block {
  readonly bytes: Buffer;
  readonly base: number;
}

/** A frame as large as they come, and a little. */
export const RUN_BYTES: number = PART_BYTES + 1024;
const BLOCK_BYTES = 2 * RUN_BYTES;
/** The first block; the next ones double. Of thousands of peers, most have little to be told. */
const FIRST_BLOCK_BYTES = 256;

/** What a log needs to know of what is around it. */
export interface FrameLogSurroundings {
  /** Whether messages that are large for a frame are cut. */
  readonly cuts: boolean;
  /** Encodes a message as the writer's item, a whole frame; throws what is wrong with it. */
  encode(message: Message, writer: ByteWriter): void;
  /** Whether nothing that was taken waits to be written, so that its memory may be used again. */
  isWritten(): boolean;
}

/**
 * The ordered stream of encoded messages, from the oldest that the peer has not acknowledged to the newest, back to back
 * in memory. A large message is several frames of it. Frames are numbered from 1 and bytes from 0 over the life of a
 * session: released ≤ appended.
 */
export class FrameLog {
  readonly #surroundings: FrameLogSurroundings;
  readonly #keepBytes: number;
  readonly #spare: Buffer[] = [];
  #nextBlockBytes = FIRST_BLOCK_BYTES;
  #writer = this.#newWriter();
  #blocks: Block[] = [{ bytes: this.#writer.bytes, base: 0 }];
  /** A ring: where each unreleased frame ends, as a running byte number. */
  #ends: Float64Array = new Float64Array(16);
  /** The messages that are more than a frame. */
  readonly #spans = new Spans();
  #appended = 0;
  #appendedBytes = 0;
  #released = 0;
  #releasedBytes = 0;
  /** Where the turn before ended. */
  #turnEndBytes = 0;

  /** `keepBytes` is how much memory of frames that have gone is kept for those to come. */
  constructor(surroundings: FrameLogSurroundings, keepBytes: number) {
    this.#surroundings = surroundings;
    this.#keepBytes = keepBytes;
  }

  /** Frames appended since the session began. */
  get appended(): number {
    return this.#appended;
  }

  get appendedBytes(): number {
    return this.#appendedBytes;
  }

  /** Frames that the peer has received. */
  get released(): number {
    return this.#released;
  }

  get releasedBytes(): number {
    return this.#releasedBytes;
  }

  /** Messages of which the peer has not received the whole. */
  get pendingMessages(): number {
    return this.#appended - this.#released - this.#spans.surplus(this.#released);
  }

  /** Whether some message in it is more than a frame. */
  get hasLarge(): boolean {
    return !this.#spans.isEmpty;
  }

  /**
   * Appends a message and returns its size as a whole frame. When it cannot be encoded, that is thrown and nothing has
   * changed.
   */
  append(message: Message): number {
    const writer = this.#writer;
    writer.begin();
    try {
      this.#surroundings.encode(message, writer);
    } catch (error) {
      writer.rollBack();
      this.#followWriter();
      throw error;
    }
    const size = writer.length - writer.start;
    if (this.#surroundings.cuts && isLarge(size)) this.#cut(writer);
    else this.#record();
    return size;
  }

  /**
   * A turn has ended and what it appended was taken, as far as it may go. Another one like it finds room in one block, so
   * that it can be written as one piece.
   */
  endTurn(): void {
    const turnBytes = this.#appendedBytes - this.#turnEndBytes;
    this.#turnEndBytes = this.#appendedBytes;
    const { bytes, length } = this.#writer;
    if (turnBytes <= BLOCK_BYTES && turnBytes > bytes.length - length) this.#writer.moveOn();
  }

  /** Where a frame ends, as a running byte number; of a frame that is not released. */
  endOf(frame: number): number {
    return frame === this.#released
      ? this.#releasedBytes
      : (this.#ends[frame & (this.#ends.length - 1)] as number);
  }

  /** The last frame, from `after` on, that is at most `most` and ends by `endBytes`; `after` if there is none. */
  lastWithin(after: number, most: number, endBytes: number): number {
    let low = after;
    let high = Math.min(most, this.#appended);
    if (high > low && this.endOf(high) <= endBytes) return high;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.endOf(middle) <= endBytes) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, after);
  }

  /** The last frame of the message that a frame belongs to. */
  endOfMessage(frame: number): number {
    return this.#spans.endOfMessage(frame);
  }

  /** Adds the bytes of a stretch to `pieces`. */
  slice(from: number, to: number, pieces: Uint8Array[]): void {
    for (const [index, { bytes, base }] of this.#blocks.entries()) {
      const end = this.#blocks[index + 1]?.base ?? this.#appendedBytes;
      if (end <= from) continue;
      if (base >= to) break;
      pieces.push(bytes.subarray(Math.max(from, base) - base, Math.min(to, end) - base));
    }
  }

  /** The peer has received the frames up to this one; their memory is given up. */
  release(frame: number): void {
    if (frame <= this.#released) return;
    this.#releasedBytes = this.endOf(frame);
    this.#released = frame;
    this.#spans.release(frame);
    let done = 0;
    while ((this.#blocks[done + 1]?.base ?? Infinity) <= this.#releasedBytes) done++;
    const released = done > 0 ? this.#blocks.splice(0, done) : [];
    if (!this.#surroundings.isWritten()) return;
    for (const { bytes } of released) this.#keep(bytes);
    if (this.#released < this.#appended) return;
    for (const { bytes } of this.#blocks) if (bytes !== this.#writer.bytes) this.#keep(bytes);
    // From the beginning again; the memory of a large message is let go.
    if (this.#writer.bytes.length > BLOCK_BYTES) this.#writer = this.#newWriter();
    else this.#writer.clear();
    this.#blocks = [{ bytes: this.#writer.bytes, base: this.#appendedBytes }];
  }

  #cut(writer: ByteWriter): void {
    const whole = writer.copyItem();
    writer.rollBack();
    const first = this.#appended + 1;
    writeParts(writer, whole, () => this.#record());
    this.#spans.add(first, this.#appended);
  }

  /** Counts the writer's item as the next frame. */
  #record(): void {
    this.#followWriter();
    if (this.#appended - this.#released === this.#ends.length) this.#growRing();
    this.#appendedBytes += this.#writer.length - this.#writer.start;
    this.#appended++;
    this.#ends[this.#appended & (this.#ends.length - 1)] = this.#appendedBytes;
  }

  /** The writer moves to a new block when one is full; the frame under way goes with it. */
  #followWriter(): void {
    const last = this.#blocks[this.#blocks.length - 1] as Block;
    const { bytes, start } = this.#writer;
    if (bytes !== last.bytes) this.#blocks.push({ bytes, base: this.#appendedBytes - start });
  }

  #growRing(): void {
    const grown = new Float64Array(2 * this.#ends.length);
    for (let frame = this.#released + 1; frame <= this.#appended; frame++) {
      grown[frame & (grown.length - 1)] = this.endOf(frame);
    }
    this.#ends = grown;
  }

  #keep(bytes: Buffer): void {
    const room = this.#keepBytes / BLOCK_BYTES;
    if (bytes.length === BLOCK_BYTES && this.#spare.length < room) this.#spare.push(bytes);
  }

  #newWriter(): ByteWriter {
    return new ByteWriter(FIRST_BLOCK_BYTES, (bytes) => this.#allocate(bytes));
  }

  #allocate(bytes: number): Buffer {
    const size = Math.max(bytes, this.#nextBlockBytes);
    this.#nextBlockBytes = Math.min(BLOCK_BYTES, 2 * this.#nextBlockBytes);
    const spare = size === BLOCK_BYTES ? this.#spare.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(size);
  }
}
