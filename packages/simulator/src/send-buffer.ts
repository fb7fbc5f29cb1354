import { Fifo } from './fifo.ts';

/** What a program wrote and the system has not taken yet. Copies only when it takes, as a real socket does. */
export class SendBuffer {
  readonly #pieces = new Fifo<Uint8Array>();
  /** How much of the first piece was taken. */
  #offset = 0;
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  push(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) {
      if (piece.length === 0) continue;
      this.#pieces.push(piece);
      this.#length += piece.length;
    }
  }

  /** Takes the first `length` bytes, which must be there. */
  take(length: number): Uint8Array {
    const chunk = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const piece = this.#pieces.peek()!;
      const part = piece.subarray(this.#offset, this.#offset + length - filled);
      chunk.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      if (this.#offset === piece.length) {
        this.#pieces.shift();
        this.#offset = 0;
      }
    }
    this.#length -= length;
    return chunk;
  }

  clear(): void {
    this.#pieces.clear();
    this.#offset = 0;
    this.#length = 0;
  }
}
