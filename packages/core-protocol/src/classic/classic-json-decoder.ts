import { CableCarError } from '../errors/cablecar-error.ts';

const EMPTY = Buffer.alloc(0);
const NEWLINE = 0x0a;

/**
 * Cuts the chunks of a classic connection into lines, in place: `push()` a chunk, then read `bytes`, `start` and `end`
 * (the line; its newline is at `end`) after each `next()` that answers true. Only a line that spans chunks is copied.
 * Never throws.
 *
 * A line longer than `maxLineBytes` is skipped to its newline, without being kept, and told by `takeWarning()`: what
 * follows a newline is a line again, whatever came before. Any bytes read as lines, so `error` stays undefined.
 * @see docs/protocol.md §9.2
 */
export class ClassicJsonDecoder {
  /** Always 0: a line's type is in its text. */
  readonly type = 0;
  /** The buffer that holds the current line, from `start` to `end`; the receiver's to keep. */
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  readonly error: CableCarError | undefined = undefined;

  readonly #maxLineBytes: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** The beginning of a line whose newline has not arrived. */
  #partial: Buffer = EMPTY;
  #partialLength = 0;
  #skipping = false;
  #warning: CableCarError | undefined;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The current line's size with its newline. */
  get frameBytes(): number {
    return this.end - this.start + 1;
  }

  /** Bytes that have arrived but belong to no complete line yet. */
  get bufferedBytes(): number {
    return this.#partialLength + this.#chunk.length - this.#at;
  }

  /** The latest line that was skipped, once. */
  takeWarning(): CableCarError | undefined {
    const warning = this.#warning;
    this.#warning = undefined;
    return warning;
  }

  /** Takes the next chunk; every line of the one before must have been read. */
  push(chunk: Uint8Array): void {
    this.#chunk = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#at = 0;
  }

  /** Moves to the next complete line; false when more bytes are needed. */
  next(): boolean {
    for (;;) {
      const chunk = this.#chunk;
      const from = this.#at;
      const newline = chunk.indexOf(NEWLINE, from);
      const upTo = newline === -1 ? chunk.length : newline;
      this.#at = newline === -1 ? chunk.length : newline + 1;
      if (!this.#skipping && this.#partialLength + upTo - from > this.#maxLineBytes) this.#skip();
      if (newline === -1) {
        if (!this.#skipping) this.#append(chunk, from, upTo);
        return false;
      }
      if (this.#skipping) {
        this.#skipping = false;
        continue;
      }
      this.#yield(chunk, from, upTo);
      return true;
    }
  }

  #yield(chunk: Buffer, from: number, upTo: number): void {
    if (this.#partialLength === 0) {
      this.bytes = chunk;
      this.start = from;
      this.end = upTo;
      return;
    }
    this.#append(chunk, from, upTo + 1);
    this.bytes = this.#partial;
    this.start = 0;
    this.end = this.#partialLength - 1;
    this.#partial = EMPTY;
    this.#partialLength = 0;
  }

  #skip(): void {
    this.#skipping = true;
    this.#partial = EMPTY;
    this.#partialLength = 0;
    this.#warning = new CableCarError(
      'ERR_FRAME_TOO_LARGE',
      `the peer sent a line of more than ${this.#maxLineBytes} bytes, expected at most that; it was skipped`,
    );
  }

  #append(chunk: Buffer, from: number, upTo: number): void {
    const needed = this.#partialLength + upTo - from;
    if (needed > this.#partial.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#maxLineBytes + 1, 2 * needed));
      this.#partial.copy(grown, 0, 0, this.#partialLength);
      this.#partial = grown;
    }
    chunk.copy(this.#partial, this.#partialLength, from, upTo);
    this.#partialLength = needed;
  }
}
