import type { World } from './world.ts';

/** Something that is tried in a world: builds it, lets time pass, and throws if what it finds is wrong. */
export type Scenario = (world: World) => Promise<void> | void;

/** What a {@link ScenarioFailure} tells. */
export interface ScenarioFailureDetails {
  /** Which run it was, and how to run it again. */
  readonly where: string;
  readonly seed: number;
  readonly choices: readonly number[];
  readonly transcript: readonly string[];
  readonly cause: unknown;
}

const LINES_SHOWN = 40;

/** A scenario threw in one of its runs; the cause is what it threw. */
export class ScenarioFailure extends Error {
  /** The seed of the world. */
  readonly seed: number;
  /** What an explorer had chosen, for `replay()`; empty where seeded times decided. */
  readonly choices: readonly number[];
  /** What had happened on the network, oldest first. */
  readonly transcript: readonly string[];

  constructor({ where, seed, choices, transcript, cause }: ScenarioFailureDetails) {
    const seen = cause instanceof Error ? cause.message : String(cause);
    super([`${where}: ${seen}`, ...transcript.slice(-LINES_SHOWN)].join('\n'), { cause });
    this.seed = seed;
    this.choices = choices;
    this.transcript = transcript;
  }
}

Object.defineProperty(ScenarioFailure.prototype, 'name', { value: 'ScenarioFailure' });
