import type { Channel, Figures } from './channel.ts';
import type { Contender } from './contender.ts';
import type { Payload } from './payload.ts';

/** How long and how much; every run of a comparison has the same. */
export interface Settings {
  /** How long is measured; of throughput, milliseconds of CPU time. */
  readonly ms: number;
  /** How long it runs before that. */
  readonly warmUpMs: number;
  /** Messages per tick, of the game loop. */
  readonly perTick?: number;
  /** How often, or how many, where that is the question. */
  readonly count?: number;
  /** Whether every byte is looked at, as in the round that warms up. */
  readonly isThorough?: boolean;
}

/** What one end of a run is given. */
export interface End<C = Contender> {
  readonly contender: C;
  readonly payload: Payload<never>;
  readonly settings: Settings;
  readonly channel: Channel;
}

/** Something to measure, as the two processes do it. */
export interface Workload<C = Contender> {
  /** The end that listens, or is there first. */
  receive(end: End<C>): Promise<Figures>;
  /** The end that dials, or comes later. */
  send(end: End<C>): Promise<Figures>;
}
