import { formatEndpoint, type PeerInfo } from '@cablecar/core-protocol';
import type { MessengerStats } from '@cablecar/messenger';

/** A peer as `watch` shows it. Rates are a second's. */
export interface PeerRow {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** The latest round trip, in milliseconds. */
  readonly roundTripMs: number | undefined;
  /** The latest of them, the oldest first. */
  readonly roundTrips: readonly number[];
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Messages that wait to be received by the peer. */
  readonly queue: number;
  readonly state: 'alive' | 'suspect';
  /** How long it has been there, in milliseconds. */
  readonly sinceMs: number;
  /** How it was found, and which end dialled. */
  readonly road: string;
}

const HISTORY = 60;

/** Makes rows of what a messenger counts, and remembers its round trips. */
export class PeerMeter {
  state: 'alive' | 'suspect' = 'alive';
  readonly #metAt: number;
  readonly #roundTrips: number[] = [];

  constructor(now: number) {
    this.#metAt = now;
  }

  /** The row now. */
  read(info: PeerInfo, stats: MessengerStats, now: number): PeerRow {
    this.#remember(stats.lastMs);
    return {
      id: info.id,
      name: info.name,
      address: formatEndpoint(info.endpoint),
      roundTripMs: stats.lastMs,
      roundTrips: [...this.#roundTrips],
      messagesIn: stats.messagesReceivedPerSecond,
      messagesOut: stats.messagesSentPerSecond,
      bytesIn: stats.bytesReceivedPerSecond,
      bytesOut: stats.bytesSentPerSecond,
      queue: stats.messagesPending,
      state: this.state,
      sinceMs: now - this.#metAt,
      road: `${info.via}, ${info.dialledBy === 'us' ? 'dialled' : 'came'}`,
    };
  }

  #remember(roundTripMs: number | undefined): void {
    if (roundTripMs === undefined || roundTripMs === this.#roundTrips.at(-1)) return;
    this.#roundTrips.push(roundTripMs);
    if (this.#roundTrips.length > HISTORY) this.#roundTrips.shift();
  }
}
