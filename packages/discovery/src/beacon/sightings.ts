import type { Beacon, Endpoint, Metadata, Millis } from '@cablecar/core-protocol';
import { lifeOf, type Life } from '../life.ts';
import { TokenBuckets } from '../limits/token-buckets.ts';
import type { BeaconEvent } from './beacon-types.ts';
import type { Visit } from './visitors.ts';
import { PeerTable, wasHeardAt, type PeerEntry } from './peer-table.ts';

/** Unknown peers, or unknown addresses of known ones, that one address may show. */
const STRANGERS_OF_ADDRESS = { size: 128, perSecond: 20 };
const MAX_ADDRESSES = 1024;

const ANSWERS_TO_ADDRESS = { size: 8, perSecond: 1 };
/** A question may come by several ways at once; a peer gets one answer in this time. */
const ANSWER_EVERY_MS: Millis = 1000;

/** A peer without a link that was silent for so many intervals is gone. */
const INTERVALS_TO_EXPIRY = 5;
/** The same where broadcasts do not get through: each of the other roads has its turn once in six intervals. */
const INTERVALS_OF_TURNS_TO_EXPIRY = 13;

/** What came of hearing a beacon: beyond what its address may show, or whether it wants an answer and may have one. */
export type Heard = 'limited' | 'noted' | 'answer';

/** Who was heard lately, and what that changes. */
export class Sightings {
  readonly #tell: (event: BeaconEvent) => void;
  readonly #peers = new PeerTable();
  readonly #strangers = new TokenBuckets(STRANGERS_OF_ADDRESS, MAX_ADDRESSES);
  readonly #answers = new TokenBuckets(ANSWERS_TO_ADDRESS, MAX_ADDRESSES);

  constructor(tell: (event: BeaconEvent) => void) {
    this.#tell = tell;
  }

  get size(): number {
    return this.#peers.size;
  }

  /** Where a life was heard last, and the road of the first beacon that was heard of it. */
  get(life: Life): Visit | undefined {
    const entry = this.#peers.get(life);
    return entry && { road: entry.road, endpoint: entry.contact };
  }

  /** A beacon other than a goodbye came. What is known already costs the address that it comes from nothing. */
  hear(beacon: Beacon, from: Endpoint, now: Millis): Heard {
    const life = lifeOf(beacon);
    const endpoint = { host: from.host, port: beacon.port };
    const known = this.#peers.get(life);
    const isNews = known === undefined || !wasHeardAt(known, endpoint);
    if (isNews && !this.#strangers.take(from.host, now)) return 'limited';
    const entry = known ?? this.#add(beacon, from, now);
    if (entry === undefined) return 'limited';
    this.#peers.heard(entry, now);
    if (beacon.road === 'broadcast' && beacon.kind !== 'answer') entry.isBroadcastHeard = true;
    if (!isLoopback(from) || isLoopback(entry.contact)) entry.contact = from;
    if (this.#peers.isLinked(life)) this.#tell({ kind: 'heard', life, host: from.host });
    if (isNews) {
      this.#peers.addEndpoint(entry, endpoint);
      this.#tell({ kind: 'sighted', life, endpoint });
    }
    this.#look(entry, beacon, endpoint);
    const asks = beacon.kind === 'probe' || (beacon.kind === 'announce' && known === undefined);
    return asks && this.#mayAnswer(entry, from, now) ? 'answer' : 'noted';
  }

  /** A goodbye came. Nobody else can say it: it counts only from where the peer was heard. */
  takeLeave(beacon: Beacon, { host }: Endpoint): void {
    const life = lifeOf(beacon);
    if (this.#peers.get(life)?.endpoints.some((known) => known.host === host)) this.#leave(life);
  }

  /** Forgets those without a link who were silent for too many intervals. */
  expire(intervalMs: Millis, now: Millis): void {
    const silent = this.#peers.expire(({ isBroadcastHeard, heardAt }) => {
      const intervals = isBroadcastHeard ? INTERVALS_TO_EXPIRY : INTERVALS_OF_TURNS_TO_EXPIRY;
      return heardAt < now - intervals * intervalMs;
    });
    for (const { life } of silent) this.#tell({ kind: 'gone', life, hasLeft: false });
  }

  isLinked(life: Life): boolean {
    return this.#peers.isLinked(life);
  }

  linked(life: Life): void {
    this.#peers.setLinked(life, true);
  }

  /** The silence of a peer counts from the end of its link, which leaves time to dial it again. */
  unlinked(life: Life, now: Millis): void {
    this.#peers.setLinked(life, false);
    const entry = this.#peers.get(life);
    if (entry !== undefined) this.#peers.heard(entry, now);
  }

  clear(): void {
    this.#peers.clear();
  }

  #add({ road, ...beacon }: Beacon, contact: Endpoint, now: Millis): PeerEntry | undefined {
    const entry: PeerEntry = {
      life: lifeOf(beacon),
      road,
      isBroadcastHeard: false,
      endpoints: [],
      details: undefined,
      contact,
      heardAt: now,
      answeredAt: -Infinity,
    };
    const displaced = this.#peers.add(entry);
    if (displaced === false) return undefined;
    if (displaced !== undefined) this.#tell({ kind: 'gone', life: displaced.life, hasLeft: false });
    return entry;
  }

  #mayAnswer(entry: PeerEntry, { host }: Endpoint, now: Millis): boolean {
    if (now - entry.answeredAt < ANSWER_EVERY_MS || !this.#answers.take(host, now)) return false;
    entry.answeredAt = now;
    return true;
  }

  /** Tells what the beacon shows of its sender, where that is new. */
  #look(entry: PeerEntry, { name, metadata }: Beacon, endpoint: Endpoint): void {
    if (name === undefined || metadata === undefined) return;
    const { details } = entry;
    if (details?.name === name && isSame(details.metadata, metadata)) return;
    entry.details = { name, metadata };
    this.#tell({ kind: 'shown', life: entry.life, endpoint, details: entry.details });
  }

  #leave(life: Life): void {
    if (this.#peers.remove(life)) this.#tell({ kind: 'gone', life, hasLeft: true });
  }
}

/** Whether two metadata are the same text, which is how they travel. */
export function isSame(one: Metadata, other: Metadata): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isLoopback({ host }: Endpoint): boolean {
  return host.startsWith('127.') || host === '::1';
}
