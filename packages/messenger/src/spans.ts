interface Span {
  readonly first: number;
  readonly last: number;
}

/** Which frames of a log together are one message, for those few messages that are more than one. */
export class Spans {
  /** Oldest first; those that are released are gone. */
  readonly #spans: Span[] = [];

  get isEmpty(): boolean {
    return this.#spans.length === 0;
  }

  /** The frames from `first` to `last` are one message. */
  add(first: number, last: number): void {
    this.#spans.push({ first, last });
  }

  /** How many more frames than messages there are after `released`. */
  surplus(released: number): number {
    let surplus = 0;
    for (const { first, last } of this.#spans) surplus += last - Math.max(first, released + 1);
    return surplus;
  }

  /** The last frame of the message that a frame belongs to. */
  endOfMessage(frame: number): number {
    return this.#spans.find(({ first, last }) => first <= frame && frame <= last)?.last ?? frame;
  }

  /** Forgets the messages that end by a frame. */
  release(frame: number): void {
    while ((this.#spans[0]?.last ?? Infinity) <= frame) this.#spans.shift();
  }
}
