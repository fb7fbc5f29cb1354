/** More than this is not kept for a connection that may never be read. */
const MAX_UNHEARD_BYTES = 65_536;

/** What was written to a connection on which the peer has not said a word, in case it never reads it. */
export class UnheardBytes {
  #kept: Uint8Array[] = [];
  #length = 0;
  #isGivenUp = false;

  /** Keeps a copy that nobody changes any more. Past the bound all of it is given up: a part is worth nothing. */
  keep(bytes: Uint8Array): void {
    if (this.#isGivenUp) return;
    this.#length += bytes.length;
    this.#kept.push(bytes);
    if (this.#length > MAX_UNHEARD_BYTES) this.giveUp();
  }

  /** What was kept, in order. */
  get pieces(): readonly Uint8Array[] {
    return this.#kept;
  }

  giveUp(): void {
    this.#isGivenUp = true;
    this.#kept = [];
  }
}
