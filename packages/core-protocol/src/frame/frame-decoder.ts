import { CableCarError } from '../errors/cablecar-error.ts';
import { MAX_FRAME_LENGTH, MAX_LENGTH_BYTES, MAX_TYPE_BYTES } from './frame-types.ts';
import { MOST_HEADER_BYTES, PART_BYTES } from './parts.ts';

const EMPTY = Buffer.alloc(0);
/** Frames up to the size of a part that span chunks get their whole buffer at once; the buffer of larger ones grows. */
const EAGER_BYTES = PART_BYTES + MOST_HEADER_BYTES;

/**
 * Cuts the chunks of a connection into frames, in place: `push()` a chunk, then read `type`, `bytes`, `start` and
 * `end` after each `next()` that answers true. Only a frame that spans chunks is copied. Never throws.
 *
 * Beyond the size of a part, memory grows with what has arrived, never with what a header promises.
 * @see docs/protocol.md §5.1
 */
export class FrameDecoder {
  /** The current frame's type. */
  type = 0;
  /** The buffer that holds the current frame's payload, from `start` to `end`; the receiver's to keep. */
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** The current frame's size with its header. */
  frameBytes = 0;
  /** Set when the bytes are not frames; from then on `next()` answers false. */
  error: CableCarError | undefined;

  readonly #maxFrameBytes: number;
  #chunk: Buffer = EMPTY;
  #at = 0;
  /** The beginning of a frame whose rest has not arrived. */
  #partial: Buffer = EMPTY;
  #partialLength = 0;
  // Set by #readHeader().
  #length = 0;
  #headerBytes = 0;

  /** `maxFrameBytes` bounds whole frames, headers included. */
  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = Math.min(maxFrameBytes, MAX_FRAME_LENGTH);
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
    if (!this.#readHeader(chunk, this.#at, chunk.length)) return this.#keepRest();
    const start = this.#at + this.#headerBytes;
    const end = this.#at + this.frameBytes;
    if (end > chunk.length) return this.#keepRest(this.frameBytes);
    this.bytes = chunk;
    this.start = start;
    this.end = end;
    this.#at = end;
    return true;
  }

  /** Takes back what has not been read as frames, to hand it to whoever reads on. */
  takeRest(): Buffer {
    const rest = Buffer.concat([
      this.#partial.subarray(0, this.#partialLength),
      this.#chunk.subarray(this.#at),
    ]);
    this.#partialLength = 0;
    this.#chunk = EMPTY;
    this.#at = 0;
    return rest;
  }

  /** Reads length and type at `at`; false when they are incomplete or malformed. Sets type, #length, #headerBytes. */
  #readHeader(bytes: Buffer, at: number, end: number): boolean {
    if (end - at < 2) return false;
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    if (first < 0x80 && second < 0x80) {
      this.#length = first;
      this.type = second;
      this.#headerBytes = 2;
      return this.#checkLength(1, 1);
    }
    return this.#readLongHeader(bytes, at, end);
  }

  #readLongHeader(bytes: Buffer, at: number, end: number): boolean {
    let cursor = at;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      if (cursor - at === MAX_LENGTH_BYTES) return this.#fail('a length of more than 4 bytes');
      if (cursor === end) return false;
      const byte = bytes[cursor++] as number;
      length |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (byte === 0 && shift > 0) return this.#fail('a length with a leading zero');
      break;
    }
    const lengthBytes = cursor - at;
    this.#length = length;
    if (!this.#checkLength(lengthBytes, 1)) return false;
    let type = 0;
    for (let shift = 0; ; shift += 7) {
      if (cursor - at - lengthBytes === MAX_TYPE_BYTES)
        return this.#fail('a type of more than 2 bytes');
      if (cursor === end) return false;
      const byte = bytes[cursor++] as number;
      type |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (byte === 0 && shift > 0) return this.#fail('a type with a leading zero');
      break;
    }
    this.type = type;
    this.#headerBytes = cursor - at;
    return this.#checkLength(lengthBytes, this.#headerBytes - lengthBytes);
  }

  #checkLength(lengthBytes: number, typeBytes: number): boolean {
    if (this.#length < typeBytes) return this.#fail(`a frame of length ${this.#length}`);
    const frameBytes = lengthBytes + this.#length;
    this.frameBytes = frameBytes;
    if (frameBytes <= this.#maxFrameBytes) return true;
    this.error = new CableCarError(
      'ERR_FRAME_TOO_LARGE',
      `the peer announced a frame of ${frameBytes} bytes, expected at most ${this.#maxFrameBytes}`,
    );
    return false;
  }

  #fail(seen: string): false {
    this.error = new CableCarError('ERR_FRAME', `the peer sent ${seen}, expected a frame`);
    return false;
  }

  /** Keeps what has come of a frame, which is so large in `total`, if that is known. */
  #keepRest(total = 0): false {
    if (this.error !== undefined || this.#at === this.#chunk.length) return false;
    const rest = this.#chunk.subarray(this.#at);
    this.#at = this.#chunk.length;
    this.#append(rest, total);
    return false;
  }

  /** Goes on with a frame that began in an earlier chunk. */
  #completePartial(): boolean {
    // The header first, byte by byte: it is short, and its end says how much to copy.
    while (!this.#readHeader(this.#partial, 0, this.#partialLength)) {
      if (this.error !== undefined || this.#at === this.#chunk.length) return false;
      this.#append(this.#chunk.subarray(this.#at, ++this.#at));
    }
    const total = this.frameBytes;
    const missing = total - this.#partialLength;
    const taken = this.#chunk.subarray(this.#at, this.#at + missing);
    this.#at += taken.length;
    this.#append(taken, total);
    if (taken.length < missing) return false;
    this.bytes = this.#partial;
    this.start = this.#headerBytes;
    this.end = total;
    this.#partial = EMPTY;
    this.#partialLength = 0;
    return true;
  }

  #append(bytes: Buffer, total = 0): void {
    const needed = this.#partialLength + bytes.length;
    if (needed > this.#partial.length) {
      const capacity = total <= EAGER_BYTES ? Math.max(total, needed) : Math.min(total, 2 * needed);
      const grown = Buffer.allocUnsafeSlow(Math.max(capacity, 16));
      this.#partial.copy(grown, 0, 0, this.#partialLength);
      this.#partial = grown;
    }
    bytes.copy(this.#partial, this.#partialLength);
    this.#partialLength = needed;
  }
}
