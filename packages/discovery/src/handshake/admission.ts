import {
  CableCarError,
  formatEndpoint,
  type Connection,
  type Millis,
} from '@cablecar/core-protocol';
import { TokenBuckets } from '../limits/token-buckets.ts';

/** Handshakes of strangers under way, in all and from one other host. */
const MAX_PENDING = 64;
const MAX_PENDING_OF_HOST = 8;
/** Connections that one other host may make; programs that start together make one each, and one that is lost comes back. */
const CONNECTIONS_OF_HOST = { size: 32, perSecond: 16 };
const MAX_HOSTS = 1024;

/** A stranger's connection whose handshake is under way. */
export interface Visitor {
  readonly connection: Connection;
  /** Whether its HELLO came; until then it may have to make room. */
  readonly isKnown: boolean;
}

/**
 * How many strangers are listened to at a time. One other host may take only part of the places, and may not come as
 * often as it likes. When all are taken, room is made at the expense of the host that has most of them, by its connection
 * that has been silent longest: a peer says HELLO at once, a flood of silent connections does not, and one from many hosts
 * does not push out the peer of another.
 */
export class Admission<V extends Visitor> {
  readonly #visitors = new Set<V>();
  /** How many of the places each other host has. */
  readonly #taken = new Map<string, number>();
  readonly #newcomers = new TokenBuckets(CONNECTIONS_OF_HOST, MAX_HOSTS);

  get size(): number {
    return this.#visitors.size;
  }

  /** Whether the host of a newcomer may have another place. Asked once for each, before anything is made for it. */
  allows(connection: Connection, now: Millis): boolean {
    const { host } = connection.remote;
    if (isLocal(connection)) return true;
    return this.#newcomers.take(host, now) && this.#takenBy(connection) < MAX_PENDING_OF_HOST;
  }

  /** Adds a newcomer. Answers whom to turn away instead: an older one, the newcomer itself, or nobody. */
  add(newcomer: V): V | undefined {
    this.#visitors.add(newcomer);
    this.#count(newcomer, 1);
    if (this.#visitors.size <= MAX_PENDING) return undefined;
    const silent = this.#whoMakesRoom() ?? newcomer;
    this.delete(silent);
    return silent;
  }

  delete(visitor: V): void {
    if (this.#visitors.delete(visitor)) this.#count(visitor, -1);
  }

  #whoMakesRoom(): V | undefined {
    let found: V | undefined;
    let most = 0;
    for (const visitor of this.#visitors) {
      const taken = this.#takenBy(visitor.connection);
      if (visitor.isKnown || taken <= most) continue;
      found = visitor;
      most = taken;
    }
    return found;
  }

  /** Programs of this host are not counted as those of one host: many of them may start together. */
  #takenBy(connection: Connection): number {
    return isLocal(connection) ? 1 : (this.#taken.get(connection.remote.host) ?? 0);
  }

  #count({ connection }: V, by: 1 | -1): void {
    const { host } = connection.remote;
    const taken = (this.#taken.get(host) ?? 0) + by;
    if (taken > 0) this.#taken.set(host, taken);
    else this.#taken.delete(host);
  }
}

function isLocal({ local, remote }: Connection): boolean {
  return remote.host === local.host;
}

/** What is told about a connection for which there was no place. */
export function crowdedError({ remote }: Connection): CableCarError {
  const limits = `${MAX_PENDING_OF_HOST} of a host, not too often, and ${MAX_PENDING} in all`;
  return new CableCarError(
    'ERR_LIMIT',
    `there was no place for a handshake with ${formatEndpoint(remote)}, expected at most ${limits}`,
  );
}
