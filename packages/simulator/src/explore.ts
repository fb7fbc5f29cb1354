import type { NetworkOptions } from './options.ts';
import { FixedChoices, ScheduleTree } from './schedule-tree.ts';
import { type Scenario, ScenarioFailure } from './scenario.ts';
import { World } from './world.ts';

/** How far an exploration goes. */
export interface ExploreOptions {
  /** Decides what is still left to chance, such as identities. @default 1 */
  readonly seed?: number;
  /**
   * Delays do not matter here: everything on its way may arrive next. A probability of loss or duplication between 0
   * and 1 means that both are tried.
   */
  readonly network?: NetworkOptions;
  /** Ends the exploration early. @default 100,000 */
  readonly maxSchedules?: number;
  /** In a schedule with more choices than this, the rest are not varied. @default 1000 */
  readonly maxChoices?: number;
  /**
   * Whether a timer may also fire before what is on its way arrives; otherwise timers wait until all has arrived.
   * Timers never overtake those that are due sooner. @default false
   */
  readonly raceTimers?: boolean;
  /**
   * Whether to go no further where every program has seen what it had seen in an earlier schedule. Far fewer
   * schedules, and nothing is missed as long as programs influence each other by the network alone; what else the
   * scenario keeps belongs into `fingerprint`. @default false
   */
  readonly mergeStates?: boolean;
  /** What else tells states apart, beside what programs have seen. */
  readonly fingerprint?: (world: World) => string;
}

/** What an exploration has covered. */
export interface Exploration {
  /** How often the scenario was run. */
  readonly schedules: number;
  /** How many of these ended early in a state that was known already. */
  readonly merged: number;
  /** How many states were told apart. */
  readonly states: number;
  /** The greatest number of choices in one schedule. */
  readonly deepest: number;
  /** Whether every schedule was covered; false where a limit was reached. */
  readonly complete: boolean;
}

/**
 * Runs a scenario in every order in which its events can happen: connections keep their order, datagrams do not.
 * The scenario is run from its beginning each time and must do the same for the same order.
 * @throws {ScenarioFailure} for the first schedule in which the scenario throws (rejects)
 */
export async function explore(
  scenario: Scenario,
  options: ExploreOptions = {},
): Promise<Exploration> {
  const { seed = 1, network = {}, raceTimers = false, fingerprint } = options;
  const { maxSchedules = 100_000, maxChoices = 1000, mergeStates = false } = options;
  const tree = new ScheduleTree({ raceTimers, mergeStates, maxChoices });
  let schedules = 0;
  let merged = 0;
  do {
    if (++schedules > maxSchedules) {
      schedules--;
      tree.complete = false;
      break;
    }
    const world = new World({ seed, network, transcript: false }, tree);
    if (fingerprint) tree.fingerprint = () => fingerprint(world);
    try {
      await scenario(world);
    } catch (cause) {
      if (!tree.stopped) await fail(scenario, options, { schedules, tree, cause });
    }
    if (tree.stopped) merged++;
  } while (tree.advance());
  const { states, deepest, complete } = tree;
  return { schedules, merged, states, deepest, complete };
}

/** Runs a scenario in one order: the choices of a {@link ScenarioFailure}. Answers the world, with its transcript. */
export async function replay(
  scenario: Scenario,
  choices: readonly number[],
  { seed = 1, network = {}, raceTimers = false }: ExploreOptions = {},
): Promise<World> {
  const world = new World({ seed, network }, new FixedChoices(choices, raceTimers));
  await scenario(world);
  return world;
}

interface Failed {
  readonly schedules: number;
  readonly tree: ScheduleTree;
  readonly cause: unknown;
}

async function fail(
  scenario: Scenario,
  options: ExploreOptions,
  { schedules, tree, cause }: Failed,
): Promise<never> {
  const { choices } = tree;
  const { seed = 1 } = options;
  let world: World | undefined;
  const recorded: Scenario = (again) => {
    world = again;
    return scenario(again);
  };
  await replay(recorded, choices, options).catch(() => {});
  const transcript = world?.transcript ?? [];
  const where = `schedule ${schedules}, replay it with choices [${choices.join(', ')}]`;
  throw new ScenarioFailure({ where, seed, choices, transcript, cause });
}
