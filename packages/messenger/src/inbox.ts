/**
 * The bounded queue of message frames that have arrived and nobody has taken: bytes, decoded when they are taken.
 * Its bounds are the credit given to the peer, in messages and bytes, so it needs none of its own.
 */
export class Inbox {
  /** Messages waiting. */
  length = 0;
  /** Bytes of frames waiting. */
  bytes = 0;

  #types: number[] = [];
  #buffers: (Buffer | undefined)[] = [];
  #starts: number[] = [];
  #ends: number[] = [];
  #sizes: number[] = [];
  #capacity = 0;
  #head = 0;

  /** Puts a frame at the end: its type, where its payload lies, and its size with its header. */
  push(type: number, buffer: Buffer, start: number, end: number, size: number): void {
    if (this.length === this.#capacity) this.#grow();
    const at = (this.#head + this.length) & (this.#capacity - 1);
    this.#types[at] = type;
    this.#buffers[at] = buffer;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#sizes[at] = size;
    this.length++;
    this.bytes += size;
  }

  /** The size of the frame at the front, which must be there. */
  frontSize(): number {
    return this.#sizes[this.#head] as number;
  }

  /** How many frames from the front are within a budget; the first always fits `maxBytes`. */
  countWithin(maxMessages: number, maxBytes: number): number {
    const most = Math.min(this.length, Math.floor(maxMessages));
    if (this.bytes <= maxBytes) return most;
    let count = 0;
    for (let bytes = 0; count < most; count++) {
      bytes += this.#sizes[(this.#head + count) & (this.#capacity - 1)] as number;
      if (bytes > maxBytes && count > 0) break;
    }
    return count;
  }

  /** Gives the frame at the front, which must be there, to `read`, and drops it. */
  shift<T>(read: (type: number, buffer: Buffer, start: number, end: number) => T): T {
    const at = this.#head;
    const buffer = this.#buffers[at] as Buffer;
    this.#buffers[at] = undefined;
    this.#head = (at + 1) & (this.#capacity - 1);
    this.length--;
    this.bytes -= this.#sizes[at] as number;
    return read(
      this.#types[at] as number,
      buffer,
      this.#starts[at] as number,
      this.#ends[at] as number,
    );
  }

  #grow(): void {
    const capacity = Math.max(16, 2 * this.#capacity);
    this.#types = this.#unrolled(this.#types, capacity);
    this.#buffers = this.#unrolled(this.#buffers, capacity);
    this.#starts = this.#unrolled(this.#starts, capacity);
    this.#ends = this.#unrolled(this.#ends, capacity);
    this.#sizes = this.#unrolled(this.#sizes, capacity);
    this.#capacity = capacity;
    this.#head = 0;
  }

  #unrolled<T>(ring: T[], capacity: number): T[] {
    const unrolled = ring.slice(this.#head).concat(ring.slice(0, this.#head));
    unrolled.length = capacity;
    return unrolled;
  }
}
