import type { Run } from './run.ts';

/** One of those that are compared: a contender and a payload, under a label of its own. */
export interface Entry {
  readonly label: string;
  readonly contender: string;
  readonly payload: string;
}

/** A comparison: a workload by several, in turns. */
export interface Comparison extends Pick<Run, 'workload' | 'settings'> {
  readonly id: string;
  readonly title: string;
  /** The first is the measure for the others. */
  readonly entries: readonly Entry[];
  /** Rounds that count; one before them warms the machine up and looks at every byte. */
  readonly rounds: number;
  /** The figure that is compared, such as `receiver.perSecond`. */
  readonly figure: string;
}
