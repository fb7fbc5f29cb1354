import type { DatagramCounts } from '@cablecar/discovery';
import type { Messenger, MessengerStats } from '@cablecar/messenger';
import type { EventCounts } from './journal.ts';

/** What has passed through a whole mesh so far. */
export interface MeshStats extends PassedStats, PresentStats {
  /** Peers that are there now, and how many of them are silent or away. */
  readonly peers: number;
  readonly suspects: number;
  /** How often each kind of event has happened. */
  readonly events: EventCounts;
  /** The datagrams that came on the UDP port, and what became of them. */
  readonly datagrams: Readonly<DatagramCounts>;
}

const PASSED = [
  'messagesSent',
  'messagesReceived',
  'bytesSent',
  'bytesReceived',
  'messagesDropped',
  'messagesSkipped',
] as const;
const PRESENT = [
  'messagesSentPerSecond',
  'messagesReceivedPerSecond',
  'bytesSentPerSecond',
  'bytesReceivedPerSecond',
  'messagesPending',
  'bytesPending',
  'messagesWaiting',
] as const;

/** Sums over all peers, those that are gone included: they only grow. */
type PassedStats = Pick<MessengerStats, (typeof PASSED)[number]>;
/** Sums over the peers that are there. */
type PresentStats = Pick<MessengerStats, (typeof PRESENT)[number]>;

/** Adds up what messengers count, of which some are gone. */
export class MeshTotals {
  #gone: PassedStats = sum([], PASSED);

  /** Keeps what passed through a messenger that has closed. */
  keep({ stats }: Messenger): void {
    this.#gone = sum([this.#gone, stats], PASSED);
  }

  /** The sums now. */
  read(peers: Iterable<Pick<Messenger, 'stats'>>): PassedStats & PresentStats {
    const present = Array.from(peers, ({ stats }) => stats);
    return { ...sum([this.#gone, ...present], PASSED), ...sum(present, PRESENT) };
  }
}

function sum<Name extends string>(
  all: readonly Readonly<Record<Name, number>>[],
  names: readonly Name[],
): Record<Name, number> {
  const sums = names.map((name) => [name, all.reduce((total, one) => total + one[name], 0)]);
  return Object.fromEntries(sums) as Record<Name, number>;
}
