import { formatEndpoint, type PeerId } from '@cablecar/core-protocol';
import type { Messenger, MessengerStats } from '@cablecar/messenger';
import type { JoinOptions } from '../options.ts';
import { ownVersion } from '../version.ts';
import type { LoggedEvent } from './journal.ts';
import type { MeshStats } from './mesh-stats.ts';

/** What was set, of what may be shown. */
const SHOWN = [
  ...['wire', 'service', 'security', 'interfaces', 'udpPort', 'tcpPort', 'once', 'timeoutMs'],
  ...['announceIntervalMs', 'headStartMs', 'handshakeTimeoutMs', 'maxPeers', 'maxMessageBytes'],
  ...['inboxMessages', 'inboxBytes', 'outboxBytes', 'outboxLimitBytes', 'heartbeatIntervalMs'],
  ...['suspectAfterMs', 'silenceTimeoutMs', 'resumeWindowMs', 'flushTimeoutMs', 'eventLogSize'],
] as const satisfies readonly (keyof JoinOptions)[];

/** A peer as a report shows it. */
export interface ReportedPeer {
  readonly id: PeerId;
  readonly name: string;
  /** Host and port. */
  readonly endpoint: string;
  readonly via: string;
  readonly dialledBy: string;
  readonly isSuspect: boolean;
  readonly stats: MessengerStats;
}

/**
 * How a mesh is and what has happened to it: JSON that can go into a bug report. It has names and addresses of the
 * network; it has no message, metadata, secret or key.
 */
export interface MeshReport {
  /** When it was made, in ISO 8601. */
  readonly at: string;
  readonly version: string;
  readonly runtime: string;
  readonly id: PeerId;
  readonly name: string;
  readonly isClosed: boolean;
  /** The options that were given, of those that may be shown. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hasSecret: boolean;
  readonly stats: MeshStats;
  readonly peers: readonly ReportedPeer[];
  /** The latest events, oldest first. */
  readonly events: readonly LoggedEvent[];
}

/** Where a report comes from. */
interface Reported {
  readonly id: PeerId;
  readonly name: string;
  readonly closed: boolean;
  readonly options: JoinOptions;
  readonly stats: MeshStats;
  readonly peers: Iterable<Messenger>;
  readonly suspects: ReadonlySet<PeerId>;
  readonly events: readonly LoggedEvent[];
  /** The wall-clock time. */
  readonly now: number;
}

/** Makes the report. */
export function reportOf({ id, name, closed, options, ...seen }: Reported): MeshReport {
  return {
    at: new Date(seen.now).toISOString(),
    version: ownVersion(),
    runtime: `node ${process.version} ${process.platform} ${process.arch}`,
    id,
    name,
    isClosed: closed,
    settings: Object.fromEntries(
      SHOWN.filter((field) => options[field] !== undefined).map((field) => [field, options[field]]),
    ),
    hasSecret: options.secret !== undefined,
    stats: seen.stats,
    peers: Array.from(seen.peers, (peer) => reportedPeer(peer, seen.suspects)),
    events: seen.events,
  };
}

function reportedPeer(
  { info: { id, name, endpoint, via, dialledBy }, stats }: Messenger,
  suspects: ReadonlySet<PeerId>,
): ReportedPeer {
  const where = { id, name, endpoint: formatEndpoint(endpoint), via, dialledBy };
  return { ...where, isSuspect: suspects.has(id), stats };
}
