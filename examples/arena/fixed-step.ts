/** The most steps that are made up for; after a longer stall time has stood still. */
const MOST_STEPS = 10;

/** Cuts time, as frames bring it, into steps of one length, so that a world moves alike on every machine. */
export class FixedStep {
  readonly #stepMs: number;
  #left = 0;

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /** How much of the time that has passed is not yet stepped. */
  get leftMs(): number {
    return this.#left;
  }

  /** Takes the time since the frame before, and steps as often as that is due. */
  advance(deltaMs: number, step: () => void): void {
    this.#left = Math.min(this.#left + deltaMs, MOST_STEPS * this.#stepMs);
    for (; this.#left >= this.#stepMs; this.#left -= this.#stepMs) step();
  }
}
