import type { Contender } from './contender.ts';
import type { Workload } from './workload.ts';
import type { WorkloadName } from './workloads/index.ts';

/** A contender that is no library for Node: programs of its own language do what it can take part in. */
export interface Program extends Contender {
  readonly workloads: Readonly<Partial<Record<WorkloadName, Workload>>>;
}
