import { CableCarError } from '@cablecar/core-protocol';
import { Digest } from './digest.ts';
import type { Chooser } from './engine.ts';

/** How a tree of schedules is walked. */
export interface ScheduleTreeOptions {
  readonly raceTimers: boolean;
  /** Whether to go no further where an earlier schedule has been. */
  readonly mergeStates: boolean;
  /** After so many choices in one schedule, the first alternative is taken and the walk is incomplete. */
  readonly maxChoices: number;
}

interface Fork {
  readonly alternatives: number;
  chosen: number;
}

/** Every schedule of a scenario, depth first: each run repeats the choices before the last fork and goes on from there. */
export class ScheduleTree implements Chooser {
  readonly raceTimers: boolean;
  stopped = false;
  /** Whether nothing was left out. */
  complete = true;
  /** The greatest number of choices in one schedule. */
  deepest = 0;
  /** What else tells states apart, of the world that runs at present. */
  fingerprint: (() => string) | undefined;
  readonly #options: ScheduleTreeOptions;
  readonly #forks: Fork[] = [];
  readonly #states = new Set<number>();
  #depth = 0;

  constructor(options: ScheduleTreeOptions) {
    this.#options = options;
    this.raceTimers = options.raceTimers;
  }

  /** How many states of the world there have been. */
  get states(): number {
    return this.#states.size;
  }

  /** The choices of the present schedule, without first alternatives at its end. */
  get choices(): readonly number[] {
    const choices = this.#forks.map(({ chosen }) => chosen);
    return choices.slice(0, choices.findLastIndex((chosen) => chosen > 0) + 1);
  }

  choose(alternatives: number, state: () => number): number {
    const isNew = this.#depth === this.#forks.length;
    if (isNew && !this.stopped) this.#visit(this.#distinguish(state()));
    if (alternatives === 1 || this.stopped) return 0;
    if (isNew) {
      if (this.#depth >= this.#options.maxChoices) {
        this.complete = false;
        return 0;
      }
      this.#forks.push({ alternatives, chosen: 0 });
      this.deepest = Math.max(this.deepest, this.#forks.length);
    }
    const fork = this.#forks[this.#depth++]!;
    if (fork.alternatives === alternatives) return fork.chosen;
    const seen = `choice ${this.#depth} had ${fork.alternatives} alternatives and now ${alternatives}`;
    throw new CableCarError(
      'ERR_STATE',
      `${seen}, expected the scenario to do the same whenever it is run with the same choices`,
    );
  }

  /** Goes to the next schedule; false if that was the last. */
  advance(): boolean {
    this.stopped = false;
    this.#depth = 0;
    for (let fork = this.#forks.pop(); fork; fork = this.#forks.pop()) {
      if (++fork.chosen < fork.alternatives) {
        this.#forks.push(fork);
        return true;
      }
    }
    return false;
  }

  #visit(state: number): void {
    if (this.#states.has(state)) this.stopped = this.#options.mergeStates;
    else this.#states.add(state);
  }

  #distinguish(state: number): number {
    if (!this.fingerprint) return state;
    const digest = new Digest();
    digest.number(state);
    digest.text(this.fingerprint());
    return digest.value();
  }
}

/** Choices made beforehand; the first alternative once they have run out. */
export class FixedChoices implements Chooser {
  readonly raceTimers: boolean;
  readonly stopped = false;
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[], raceTimers: boolean) {
    this.#choices = choices;
    this.raceTimers = raceTimers;
  }

  choose(alternatives: number): number {
    return alternatives === 1 ? 0 : (this.#choices[this.#next++] ?? 0);
  }
}
