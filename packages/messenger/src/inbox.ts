import type { Frame } from './wire.ts';

type Place = { -readonly [Field in keyof Frame]: Frame[Field] };

const NOTHING = Buffer.alloc(0);

/**
 * The bounded queue of message frames that have arrived and nobody has taken: bytes, decoded when they are taken.
 * Its bounds are the credit given to the peer, in messages and bytes, so it needs none of its own.
 */
export class Inbox {
  /** Messages waiting. */
  length = 0;
  /** Bytes of frames waiting. */
  bytes = 0;
  /** A ring of places that are used again and again, so that a waiting frame costs no object. */
  #places: Place[] = [];
  #head = 0;

  /** Puts a frame at the end; its fields are copied, its bytes are kept. */
  push({ type, bytes, start, end, frameBytes }: Frame): void {
    if (this.length === this.#places.length) this.#grow();
    const place = this.#at(this.length);
    place.type = type;
    place.bytes = bytes;
    place.start = start;
    place.end = end;
    place.frameBytes = frameBytes;
    this.length++;
    this.bytes += frameBytes;
  }

  /** The size of the frame at the front, which must be there. */
  frontBytes(): number {
    return this.#at(0).frameBytes;
  }

  /** How many frames from the front are within a budget; the first always fits `maxBytes`. */
  countWithin(maxMessages: number, maxBytes: number): number {
    const most = Math.min(this.length, Math.floor(maxMessages));
    if (this.bytes <= maxBytes) return most;
    let count = 0;
    for (let bytes = 0; count < most; count++) {
      bytes += this.#at(count).frameBytes;
      if (bytes > maxBytes && count > 0) break;
    }
    return count;
  }

  /** Gives the frame at the front, which must be there, to `read`, and drops it. */
  shift<T>(read: (frame: Frame) => T): T {
    const front = this.#at(0);
    this.#head = (this.#head + 1) & (this.#places.length - 1);
    this.length--;
    this.bytes -= front.frameBytes;
    const value = read(front);
    front.bytes = NOTHING;
    return value;
  }

  #at(index: number): Place {
    return this.#places[(this.#head + index) & (this.#places.length - 1)] as Place;
  }

  #grow(): void {
    const places = this.#places.slice(this.#head).concat(this.#places.slice(0, this.#head));
    const capacity = Math.max(16, 2 * places.length);
    while (places.length < capacity) {
      places.push({ type: 0, bytes: NOTHING, start: 0, end: 0, frameBytes: 0 });
    }
    this.#places = places;
    this.#head = 0;
  }
}
