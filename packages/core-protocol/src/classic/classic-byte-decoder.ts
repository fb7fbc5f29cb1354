import { CableCarError } from '../errors/cablecar-error.ts';
import { CLASSIC_HEADER_BYTES } from './classic-limits.ts';

const EMPTY = Buffer.alloc(0);

/**
 * Cuts the chunks of a classic connection into byte frames, in place: `push()` a chunk, then read `type` (the message's
 * code), `bytes`, `start` and `end` (the payload) after each `next()` that answers true. Only a frame that spans chunks
 * is copied. Never throws.
 *
 * A length of 0 or 1 cannot be: a length counts its own byte and the code. Where the next frame begins is then anybody's
 * guess, and a guess could pass bytes off as a message nobody sent, so it is an `error` and the connection is to close.
 * @see docs/protocol.md §9.3
 */
export class ClassicByteDecoder {
  /** The current frame's code, 0 to 255. */
  type = 0;
  /** The buffer that holds the current frame's payload, from `start` to `end`; the receiver's to keep. */
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** Set when the bytes are not frames; from then on `next()` answers false. */
  error: CableCarError | undefined;

  #chunk: Buffer = EMPTY;
  #at = 0;
  /** A frame whose rest has not arrived, in a buffer of its full size: at most 255 bytes. */
  #partial: Buffer = EMPTY;
  #partialLength = 0;

  /** The current frame's size with its header. */
  get frameBytes(): number {
    return this.end - this.start + CLASSIC_HEADER_BYTES;
  }

  /** Bytes that have arrived but belong to no complete frame yet. */
  get bufferedBytes(): number {
    return this.#partialLength + this.#chunk.length - this.#at;
  }

  /** Takes the next chunk; every frame of the one before must have been read. */
  push(chunk: Uint8Array): void {
    this.#chunk = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#at = 0;
  }

  /** Moves to the next complete frame; false when more bytes are needed or the stream is malformed. */
  next(): boolean {
    if (this.error !== undefined) return false;
    if (this.#partialLength > 0) return this.#completePartial();
    const chunk = this.#chunk;
    const at = this.#at;
    if (at === chunk.length) return false;
    const length = chunk[at] as number;
    if (length < CLASSIC_HEADER_BYTES) return this.#fail(length);
    if (at + length > chunk.length) return this.#keepRest(length);
    this.#at = at + length;
    return this.#yield(chunk, at, length);
  }

  #keepRest(length: number): false {
    this.#partial = Buffer.allocUnsafeSlow(length);
    this.#take(this.#chunk.length - this.#at);
    return false;
  }

  #completePartial(): boolean {
    const length = this.#partial.length;
    this.#take(Math.min(length - this.#partialLength, this.#chunk.length - this.#at));
    if (this.#partialLength < length) return false;
    this.#partialLength = 0;
    return this.#yield(this.#partial, 0, length);
  }

  #take(count: number): void {
    this.#chunk.copy(this.#partial, this.#partialLength, this.#at, this.#at + count);
    this.#partialLength += count;
    this.#at += count;
  }

  #yield(bytes: Buffer, at: number, length: number): true {
    this.type = bytes[at + 1] as number;
    this.bytes = bytes;
    this.start = at + CLASSIC_HEADER_BYTES;
    this.end = at + length;
    return true;
  }

  #fail(length: number): false {
    this.error = new CableCarError(
      'ERR_FRAME',
      `the peer sent a byte frame of length ${length}, expected 2 to 255, its own byte and the code included`,
    );
    return false;
  }
}
