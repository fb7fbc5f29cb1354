/** Bytes kept for a link to which nobody has attached yet; what is more waits in the network. */
const ENOUGH_BYTES = 65_536;

/** What came before anybody took it, in order. */
export class EarlyBytes {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Whether more of it should wait elsewhere. */
  get isEnough(): boolean {
    return this.#length >= ENOUGH_BYTES;
  }

  keep(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The first chunk, which is kept no longer. */
  take(): Uint8Array | undefined {
    const chunk = this.#chunks.shift();
    this.#length -= chunk?.length ?? 0;
    return chunk;
  }
}
