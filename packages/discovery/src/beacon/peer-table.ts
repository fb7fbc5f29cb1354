import type { BeaconRoad, Endpoint, Metadata, Millis } from '@cablecar/core-protocol';
import type { Life } from '../life.ts';

/** Lives of peers that are remembered, and addresses of each. */
const MAX_PEERS = 1024;
const MAX_ENDPOINTS = 4;

/** What a peer shows of itself. */
export interface Details {
  readonly name: string;
  readonly metadata: Metadata;
}

/** One life of a peer that was heard. */
export interface PeerEntry {
  readonly life: Life;
  /** The road of the first beacon that was heard of it. */
  readonly road: BeaconRoad;
  /** Whether its broadcasts get through. */
  isBroadcastHeard: boolean;
  /** Where it was heard, latest first. */
  endpoints: readonly Endpoint[];
  /** Undefined while only short answers have come from it. */
  details: Details | undefined;
  /** Where it hears datagrams: by preference not on this machine's loopback, which others do not reach. */
  contact: Endpoint;
  heardAt: Millis;
  /** When it was answered last. */
  answeredAt: Millis;
}

/**
 * The peers that were heard lately. Bounded: the one not heard for longest makes room, but never one with a link.
 */
export class PeerTable {
  /** In the order in which they were last heard. */
  readonly #entries = new Map<Life, PeerEntry>();
  readonly #linked = new Set<Life>();

  get size(): number {
    return this.#entries.size;
  }

  get(life: Life): PeerEntry | undefined {
    return this.#entries.get(life);
  }

  /** Adds a peer. Answers whose place it took, if anybody's; false when there is no place for it. */
  add(entry: PeerEntry): PeerEntry | undefined | false {
    let displaced: PeerEntry | undefined;
    if (this.#entries.size >= MAX_PEERS) {
      displaced = [...this.#entries.values()].find(({ life }) => !this.#linked.has(life));
      if (displaced === undefined) return false;
      this.#entries.delete(displaced.life);
    }
    this.#entries.set(entry.life, entry);
    return displaced;
  }

  /** Notes that a peer was heard. */
  heard(entry: PeerEntry, now: Millis): void {
    entry.heardAt = now;
    this.#entries.delete(entry.life);
    this.#entries.set(entry.life, entry);
  }

  /** Notes where a peer was heard. */
  addEndpoint(entry: PeerEntry, endpoint: Endpoint): void {
    entry.endpoints = [endpoint, ...entry.endpoints].slice(0, MAX_ENDPOINTS);
  }

  remove(life: Life): boolean {
    return this.#entries.delete(life);
  }

  /** A peer with a link stays, however silent: whether it lives is the link's to judge. */
  setLinked(life: Life, isLinked: boolean): void {
    if (isLinked) this.#linked.add(life);
    else this.#linked.delete(life);
  }

  isLinked(life: Life): boolean {
    return this.#linked.has(life);
  }

  /** Removes and answers those without a link who are too silent. */
  expire(isTooSilent: (entry: PeerEntry) => boolean): readonly PeerEntry[] {
    const expired = [...this.#entries.values()].filter(
      (entry) => !this.#linked.has(entry.life) && isTooSilent(entry),
    );
    for (const { life } of expired) this.#entries.delete(life);
    return expired;
  }

  /** Forgets everybody who was heard; who has a link is still known to have one. */
  clear(): void {
    this.#entries.clear();
  }
}

/** Whether a peer was heard at this endpoint. */
export function wasHeardAt({ endpoints }: PeerEntry, { host, port }: Endpoint): boolean {
  return endpoints.some((known) => known.host === host && known.port === port);
}
