import type { Workload } from '../workload.ts';
import { connections } from './connections.ts';
import { crowd } from './crowd.ts';
import { echo } from './echo.ts';
import { idle } from './idle.ts';
import { meeting } from './meeting.ts';
import { peers } from './peers.ts';
import { throughput } from './throughput.ts';
import { ticks } from './ticks.ts';

/** Everything that two processes measure together, by name; each of contenders of its own kind. */
export const WORKLOADS: Readonly<Record<WorkloadName, Workload<never>>> = {
  throughput,
  echo,
  ticks,
  connections,
  crowd,
  idle,
  meeting,
  peers,
};

/** A key of {@link WORKLOADS}. */
export type WorkloadName =
  'throughput' | 'echo' | 'ticks' | 'connections' | 'crowd' | 'idle' | 'meeting' | 'peers';
