import { formatEndpoint, within, type Message, type PeerInfo } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import { systemClock } from '@cablecar/transport';
import type { Mesh } from '../mesh.ts';

/** Whom to find, and for how long. */
export interface PeerSearch {
  /** A name, an address, or the beginning of an id; anybody if left out. */
  readonly wanted?: string | undefined;
  /** How many of them. @default 1 */
  readonly count?: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits until there are so many of the peers that are wanted.
 * @throws {CableCarError} ERR_TIMEOUT (rejects), or `signal.reason`
 */
export async function findPeers<M extends Message>(
  mesh: Mesh<M>,
  { wanted, count = 1, timeoutMs, signal }: PeerSearch,
): Promise<Messenger<M>[]> {
  const there = (): Messenger<M>[] =>
    [...mesh.peers.values()].filter(({ info }) => wanted === undefined || isPeer(info, wanted));
  let look = (): void => {};
  const found = new Promise<void>((resolve) => {
    look = () => {
      if (there().length >= count) resolve();
    };
  });
  mesh.on('peer', look).on('peer:update', look);
  try {
    look();
    const whom = wanted === undefined ? `meeting ${count} of the service` : `meeting '${wanted}'`;
    await within(found, whom, { clock: systemClock, timeoutMs, signal });
    return there();
  } finally {
    mesh.off('peer', look).off('peer:update', look);
  }
}

/** Whether a peer is meant by a name, an address (with or without the port), or the beginning of an id. */
export function isPeer({ id, name, endpoint }: PeerInfo, wanted: string): boolean {
  const { host, port } = endpoint;
  const isId = wanted.length >= 4 && id.startsWith(wanted.toLowerCase());
  return isId || [name, host, `${host}:${port}`].includes(wanted);
}

/** A peer as people read it. */
export function describePeer({ name, endpoint }: PeerInfo): string {
  return `${name} (${formatEndpoint(endpoint)})`;
}

/** A peer as programs read it. */
export function peerRecord({ id, name, endpoint }: PeerInfo): Readonly<Record<string, unknown>> {
  return { id, name, host: endpoint.host, port: endpoint.port };
}
