/**
 * A bad network in a test: virtual time, seeded faults.
 * @module @cablecar/simulator
 */
export { explore, replay, type Exploration, type ExploreOptions } from './explore.ts';
export type { Observer, WorldEvent, WorldEventDetails, WorldEventKind } from './journal.ts';
export { networks } from './networks.ts';
export type { OpenConnection, Told } from './open-connection.ts';
export type {
  CableOptions,
  FirewallOptions,
  HostOptions,
  NetworkOptions,
  PartitionOptions,
  ReaddressOptions,
  SleepOptions,
  UnplugOptions,
  WithinOptions,
  WorldOptions,
} from './options.ts';
export { Prng, type Range } from './prng.ts';
export type { Farewell, OpenHandle } from './process.ts';
export { type Scenario, ScenarioFailure } from './scenario.ts';
export { SimHost } from './sim-host.ts';
export { simIdentity } from './sim-identity.ts';
export { type CrashOptions, SimProgram } from './sim-program.ts';
export { sweep, type SweepOptions } from './sweep.ts';
export { World } from './world.ts';
