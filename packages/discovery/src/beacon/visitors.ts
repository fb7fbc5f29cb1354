import type { Beacon, BeaconRoad, Endpoint, Millis } from '@cablecar/core-protocol';
import { lifeOf, type Life } from '../life.ts';
import { Latest } from '../limits/latest.ts';
import { TokenBuckets } from '../limits/token-buckets.ts';

const MAX_VISITORS = 256;
const ANSWERS_TO_ADDRESS = { size: 8, perSecond: 1 };
const MAX_ADDRESSES = 256;

/** Where a visitor was heard, and by which road it came. */
export interface Visit {
  readonly road: BeaconRoad;
  readonly endpoint: Endpoint;
}

/**
 * Programs from beyond our subnets that have asked us. They are answered, and may dial us; that they have asked is no
 * reason to dial them, since nobody has shown that they are where their datagrams say.
 */
export class Visitors {
  readonly #visits = new Latest<Life, Visit>(MAX_VISITORS);
  readonly #answers = new TokenBuckets(ANSWERS_TO_ADDRESS, MAX_ADDRESSES);

  /** A question came from there; whether it is to be answered. */
  ask(beacon: Beacon, endpoint: Endpoint, now: Millis): boolean {
    if (!this.#answers.take(endpoint.host, now)) return false;
    this.#visits.set(lifeOf(beacon), { road: beacon.road, endpoint });
    return true;
  }

  get(life: Life): Visit | undefined {
    return this.#visits.get(life);
  }
}

/** Whether it came by a road to one address, on which nobody else hears. */
export function isToUsAlone({ road }: { readonly road: BeaconRoad }): boolean {
  return road === 'peers' || road === 'gossip' || road === 'remembered';
}
