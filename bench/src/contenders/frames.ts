/** Cuts chunks into frames: a length of two bytes, or 0xffff and one of four, then the payload. */
export class Frames {
  readonly #onFrame: (bytes: Buffer, start: number, end: number) => void;
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** How many bytes are needed before anything can be cut. */
  #wanted = 0;

  constructor(onFrame: (bytes: Buffer, start: number, end: number) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#restBytes > 0) {
      this.#rest.push(chunk);
      this.#restBytes += chunk.length;
      if (this.#restBytes < this.#wanted) return;
      bytes = Buffer.concat(this.#rest, this.#restBytes);
    }
    let at = 0;
    let wanted = HEADER_BYTES;
    while (at + 2 <= bytes.length) {
      const short = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      let start = at + 2;
      let length = short;
      if (short === 0xffff) {
        if (at + 6 > bytes.length) break;
        length = bytes.readUInt32BE(start);
        start += 4;
      }
      if (start + length > bytes.length) {
        wanted = start + length - at;
        break;
      }
      this.#onFrame(bytes, start, start + length);
      at = start + length;
    }
    this.#rest = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#restBytes = bytes.length - at;
    this.#wanted = wanted;
  }
}

/** A frame's longest header. */
export const HEADER_BYTES = 6;

/** Writes a header at `at` and answers where the payload goes. */
export function putHeader(bytes: Uint8Array, at: number, length: number): number {
  if (length < 0xffff) {
    bytes[at] = length >> 8;
    bytes[at + 1] = length;
    return at + 2;
  }
  bytes[at] = bytes[at + 1] = 0xff;
  bytes[at + 2] = length >>> 24;
  bytes[at + 3] = length >>> 16;
  bytes[at + 4] = length >>> 8;
  bytes[at + 5] = length;
  return at + 6;
}
