import { CableCarError, formatEndpoint, type Connection } from '@cablecar/core-protocol';

/** Handshakes of strangers under way, in all and from one other host. */
const MAX_PENDING = 64;
const MAX_PENDING_OF_HOST = 8;

/** A stranger's connection whose handshake is under way. */
export interface Visitor {
  readonly connection: Connection;
  /** Whether its HELLO came; until then it may have to make room. */
  readonly isKnown: boolean;
}

/**
 * How many strangers are listened to at a time. One other host may take only part of the places. When all are taken,
 * the one that has been silent longest makes room: a peer says HELLO at once, a flood of silent connections does not.
 */
export class Admission<V extends Visitor> {
  readonly #visitors = new Set<V>();

  get size(): number {
    return this.#visitors.size;
  }

  /** Adds a newcomer. Answers whom to turn away instead: an older one, the newcomer itself, or nobody. */
  add(newcomer: V): V | undefined {
    if (this.#isHostFull(newcomer.connection)) return newcomer;
    this.#visitors.add(newcomer);
    if (this.#visitors.size <= MAX_PENDING) return undefined;
    const silent = [...this.#visitors].find((visitor) => !visitor.isKnown) ?? newcomer;
    this.#visitors.delete(silent);
    return silent;
  }

  delete(visitor: V): void {
    this.#visitors.delete(visitor);
  }

  /** Programs of this host are not limited as a host: many of them may start together. */
  #isHostFull({ local, remote }: Connection): boolean {
    if (remote.host === local.host) return false;
    const same = [...this.#visitors].filter((it) => it.connection.remote.host === remote.host);
    return same.length >= MAX_PENDING_OF_HOST;
  }
}

/** What is told about a connection for which there was no place. */
export function crowdedError({ remote }: Connection): CableCarError {
  const limits = `${MAX_PENDING_OF_HOST} of a host and ${MAX_PENDING} in all`;
  return new CableCarError(
    'ERR_LIMIT',
    `there was no place for a handshake with ${formatEndpoint(remote)}, expected at most ${limits}`,
  );
}
