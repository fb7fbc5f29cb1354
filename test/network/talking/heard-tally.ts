/** What was heard of one life of one speaker. */
export interface Heard {
  readonly life: number;
  /** Different messages that came. */
  readonly count: number;
  /** Messages left out, with later ones heard. */
  readonly missing: number;
  /** The first that was left out when a later one came, even if it came after all. */
  readonly firstGap: number | undefined;
  readonly doubled: number;
  /** Messages that came after a later one. */
  readonly reordered: number;
  /** Messages whose checksum was wrong. */
  readonly damaged: number;
}

/** Counts the numbers of one life as they come: 0, 1, 2 and so on, if all is well. */
export class HeardTally {
  readonly #missing = new Set<number>();
  #next = 0;
  #count = 0;
  #doubled = 0;
  #reordered = 0;
  #damaged = 0;
  #firstGap: number | undefined;

  hear(n: number, isWhole: boolean): void {
    if (!isWhole) this.#damaged++;
    if (n >= this.#next) {
      if (n > this.#next) this.#firstGap ??= this.#next;
      for (; this.#next < n; this.#next++) this.#missing.add(this.#next);
      this.#next++;
      this.#count++;
    } else if (this.#missing.delete(n)) {
      this.#reordered++;
      this.#count++;
    } else {
      this.#doubled++;
    }
  }

  result(life: number): Heard {
    return {
      life,
      count: this.#count,
      missing: this.#missing.size,
      firstGap: this.#firstGap,
      doubled: this.#doubled,
      reordered: this.#reordered,
      damaged: this.#damaged,
    };
  }
}
