import type { Endpoint, Millis, PeerId, Random } from '@cablecar/core-protocol';
import type { DialRecord } from './dial-record.ts';
import { TokenBucket } from '@cablecar/core-protocol';
import { TokenBuckets } from '../limits/token-buckets.ts';
import { idOf } from '../life.ts';

const BACKOFF_BASE_MS = 100;
const BACKOFF_CAP_MS = 5000;
/** Dials that may fail, at once and for each second, to all hosts together. */
const ALL_HOSTS = { size: 20, perSecond: 10 };
/** So many of them are kept for hosts at which none failed lately: forged beacons must not hold up honest ones. */
const KEPT = 10;
/** The same for each host: who is named in forged beacons gets no more than this. */
const ONE_HOST = { size: 20, perSecond: 0.2 };
const MAX_HOSTS = 1024;

/** What the times of dials depend on. */
export interface DialScheduleSettings {
  readonly id: PeerId;
  /** How long the smaller id leaves it to the larger one to dial. */
  readonly headStartMs: Millis;
  readonly random: Random;
}

/**
 * When a peer is dialled, and how often at most.
 *
 * What is bounded is the connections that forged or stale beacons make this program open: a dial that reaches a peer
 * is given back, so honest networks of any size are not held up.
 */
export class DialSchedule {
  readonly #settings: DialScheduleSettings;
  readonly #all = new TokenBucket(ALL_HOSTS, 0);
  readonly #hosts = new TokenBuckets(ONE_HOST, MAX_HOSTS);

  constructor(settings: DialScheduleSettings) {
    this.#settings = settings;
  }

  /**
   * How long to wait before the next dial. The smaller id leaves the larger one its head start. After failures: nothing
   * until every endpoint was tried once, then a random part of a time that doubles with each round ("full jitter":
   * peers that failed together do not come back together).
   */
  waitMs({ life, endpoints, failures }: DialRecord): Millis {
    const { id, headStartMs, random } = this.#settings;
    const headStart = idOf(life) > id ? headStartMs : 0;
    const rounds = Math.floor(failures / Math.max(1, endpoints.length));
    if (rounds === 0) return headStart;
    const longest = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (rounds - 1));
    return headStart + random.float() * longest;
  }

  /** The endpoint whose turn it is. Undefined while the peer is not sighted. */
  nextEndpoint({ endpoints, failures }: DialRecord): Endpoint | undefined {
    return endpoints[failures % endpoints.length];
  }

  /** Takes the allowance for a dial and answers 0, or answers how long to wait before asking again. */
  spend({ host }: Endpoint, now: Millis): Millis {
    const kept = this.#hosts.isFull(host, now) ? 0 : KEPT;
    const waitMs = Math.max(this.#all.waitMs(now, kept), this.#hosts.waitMs(host, now));
    if (waitMs > 0) return waitMs;
    this.#all.take(now);
    this.#hosts.take(host, now);
    return 0;
  }

  /** The dial reached a peer after all, or was not needed. */
  giveBack({ host }: Endpoint): void {
    this.#all.giveBack();
    this.#hosts.giveBack(host);
  }
}
