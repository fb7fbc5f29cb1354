import type { Millis, NetworkInterface, Random } from '@cablecar/core-protocol';
import { castOfTurn, EVERY_CAST, type Cast } from './casts.ts';

/** The gaps between the first beacons after a start: so many that a bad Wi-Fi does not lose them all. */
export const START_BURST_MS: readonly Millis[] = [50, 100, 200, 400];
/** The same after a change of name or metadata. */
export const CHANGE_BURST_MS: readonly Millis[] = [50, 100];

/** Part of the interval by which it varies to either side, so that programs started together do not stay together. */
const JITTER = 0.1;
/** Up to this many peers are announced to at the full rate. */
const PEERS_AT_FULL_RATE = 20;

/** What the times of beacons depend on. */
export interface AnnounceSettings {
  readonly announceIntervalMs: Millis;
  readonly random: Random;
}

/** What the rules of beacons are set to. */
export interface BeaconSettings extends AnnounceSettings {
  /** Where everybody hears broadcasts. */
  readonly udpPort: number;
}

/** When the next beacon is due, and by which roads it goes. */
export class AnnounceSchedule {
  readonly #settings: AnnounceSettings;
  #due: Millis | undefined;
  /** Gaps of the burst under way that are still to come. */
  #burst: readonly Millis[] = [];
  /** Steady beacons so far. */
  #turn = 0;

  constructor(settings: AnnounceSettings) {
    this.#settings = settings;
  }

  /** Undefined while there is nothing to announce. */
  get due(): Millis | undefined {
    return this.#due;
  }

  /** A beacon goes now; a burst follows. */
  begin([gap, ...burst]: readonly Millis[], now: Millis): void {
    this.#due = now + (gap ?? 0);
    this.#burst = burst;
  }

  /** The beacon that is due goes now: by which roads? Those of a burst by all, each of the many after them by one. */
  next(peers: number, interfaces: readonly NetworkInterface[], now: Millis): readonly Cast[] {
    const [gap, ...burst] = this.#burst;
    this.#burst = burst;
    const chance = 2 * this.#settings.random.float() - 1;
    this.#due = now + (gap ?? this.intervalMs(peers) * (1 + JITTER * chance));
    return gap === undefined ? [castOfTurn(this.#turn++, interfaces)] : EVERY_CAST;
  }

  /** The interval grows with the number of peers, so that the beacons of all of them together stay few. */
  intervalMs(peers: number): Millis {
    return this.#settings.announceIntervalMs * Math.max(1, peers / PEERS_AT_FULL_RATE);
  }

  stop(): void {
    this.#due = undefined;
  }
}
