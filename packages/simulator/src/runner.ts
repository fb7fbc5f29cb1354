import { CableCarError, type Millis } from '@cablecar/core-protocol';
import type { Engine } from './engine.ts';
import type { Journal } from './journal.ts';

/** How many turns go by, in all worlds together, until the real event loop may breathe: signals, a test's own timeout. */
const TURNS_A_BREATH = 8192;
let turns = 0;

/** The loop that makes a world go on: one event, then the end of its turn. */
export class Runner {
  readonly #engine: Engine;
  readonly #journal: Journal;
  #running = false;

  constructor(engine: Engine, journal: Journal) {
    this.#engine = engine;
    this.#journal = journal;
  }

  /**
   * Goes on up to a moment, or until the goal is reached; answers whether it was.
   * @throws {CableCarError} ERR_STATE, and whatever is thrown by what happens
   */
  async run(until: Millis, isReached: () => boolean = () => false): Promise<boolean> {
    if (this.#running) {
      throw new CableCarError('ERR_STATE', 'the world is being run, expected one run at a time');
    }
    this.#running = true;
    try {
      return await this.#loop(until, isReached);
    } finally {
      this.#running = false;
    }
  }

  async #loop(until: Millis, isReached: () => boolean): Promise<boolean> {
    const engine = this.#engine;
    engine.touched = true; // by whoever set the world up
    for (;;) {
      if (engine.touched) await this.#finishTurn();
      this.#journal.rethrow();
      if (isReached()) return true;
      const event = engine.take(until);
      if (!event) break;
      event.run();
    }
    engine.idle(until);
    return false;
  }

  #finishTurn(): Promise<void> {
    if (++turns % TURNS_A_BREATH > 0) return this.#engine.finishTurn();
    return new Promise<void>((breathe) => setImmediate(breathe)).then(() =>
      this.#engine.finishTurn(),
    );
  }
}
