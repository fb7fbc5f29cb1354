import { byteMessage } from 'cablecar';

/** Ten bytes on the wire. */
export class Count extends byteMessage(0x20, { number: 'u32' }) {}

/** Messages until the memory of a process counts: by then everything is compiled and every buffer has its size. */
export const WARM_UP = 1_000_000;
/** A sender that waits for `drain` for so long is held. */
export const HELD_MS = 1_000;

const LOOK_EVERY_MS = 20;

/** How much memory this process has taken from the system since a moment, at its worst. */
export class MemoryWatch {
  #atFirst = Number.NaN;
  #most = 0;

  /** Counts from now on; the first call counts. */
  begin(): void {
    if (this.#most > 0) return;
    this.#most = this.#atFirst = process.memoryUsage.rss();
    setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  growthBytes(): number {
    this.#look();
    return this.#most - this.#atFirst;
  }

  #look(): void {
    this.#most = Math.max(this.#most, process.memoryUsage.rss());
  }
}

/** Prints a line for the test. */
export function print(kind: string, details: object): void {
  process.stdout.write(`${JSON.stringify({ kind, ...details })}\n`);
}
