import { test } from 'vitest';
import { describeLan, type CreateLan, type LanOptions } from '../lan.ts';
import { Stage, type Figures } from './stage.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What a scenario showed; the report of a run carries it. */
    figures?: Figures;
  }
}

/** Whether scenarios are played at their full length, which takes minutes, or as short as shows anything. */
const IS_FULL = process.env['SCENARIOS'] === 'full';
const TEST_TIMEOUT_MS = 240_000;

/** What a scenario is played with. */
export interface Setting {
  /** A LAN with so many hosts on it, and the stage on it. */
  readonly stage: (hostCount: number, options?: LanOptions) => Promise<Stage>;
  /** The first at full length, the second else. */
  readonly scale: <T>(full: T, short: T) => T;
}

/** Registers a scenario by its number and title. */
export type RegisterScenario = (
  title: string,
  play: (setting: Setting) => Promise<Figures>,
  /** Whether it shows nothing when it is short. */
  options?: { readonly isLong?: boolean },
) => void;

/**
 * Scenarios of one kind, each a test of its own. The long ones are there only at full length: `npm run test:network`.
 */
export function describeScenarios(
  kind: string,
  scenarios: (scenario: RegisterScenario) => void,
): void {
  describeLan(`scenarios: ${kind}`, (createLan) => {
    scenarios((title, play, { isLong = false } = {}) => {
      if (isLong && !IS_FULL) return;
      test(title, { timeout: TEST_TIMEOUT_MS }, async ({ task }) => {
        const stages: Stage[] = [];
        try {
          task.meta.figures = await play(settingOf(createLan, stages));
        } finally {
          await Promise.all(stages.map((stage) => stage.close()));
        }
      });
    });
  });
}

function settingOf(createLan: CreateLan, stages: Stage[]): Setting {
  return {
    stage: async (hostCount, options) => {
      const stage = new Stage(await createLan(hostCount, options));
      stages.push(stage);
      return stage;
    },
    scale: (full, short) => (IS_FULL ? full : short),
  };
}
