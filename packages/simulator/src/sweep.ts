import type { NetworkOptions } from './options.ts';
import { type Scenario, ScenarioFailure } from './scenario.ts';
import { World } from './world.ts';

/** Which seeds a sweep tries. */
export interface SweepOptions {
  /** How many. @default 100 */
  readonly seeds?: number;
  /** @default 1 */
  readonly firstSeed?: number;
  /** How the network behaves at first. @default a calm LAN */
  readonly network?: NetworkOptions;
}

/**
 * Runs a scenario once for each seed, in a world of its own, and once more for the transcript if it fails.
 * @throws {ScenarioFailure} for the first seed for which the scenario throws (rejects)
 */
export async function sweep(
  scenario: Scenario,
  { seeds = 100, firstSeed = 1, network = {} }: SweepOptions = {},
): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    try {
      await scenario(new World({ seed, network, transcript: false }));
    } catch (cause) {
      const transcript = await record(scenario, new World({ seed, network }));
      const where = `seed ${seed}, again with { firstSeed: ${seed}, seeds: 1 }`;
      throw new ScenarioFailure({ where, seed, choices: [], transcript, cause });
    }
  }
}

/** Runs the scenario that failed once more, for the transcript that the sweep does without. */
async function record(scenario: Scenario, world: World): Promise<readonly string[]> {
  try {
    await scenario(world);
  } catch {
    // As before.
  }
  return world.transcript;
}
