import type { Prng, World } from '@cablecar/simulator';
import type { Ledger } from './ledger.ts';
import type { Plan } from './plan.ts';

/** What players share. */
export interface Stage {
  readonly world: World;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly prng: Prng;
  /** Whether nobody is to begin any more. */
  isOver: boolean;
  /** Something went wrong that must not; ends the schedule. */
  readonly fail: (thrown: unknown) => void;
}
