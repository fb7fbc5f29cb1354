import type { CableCarError, Link, Metadata, PeerId } from '@cablecar/core-protocol';
import type { DatagramCounts } from './beacon/beacon-types.ts';
import type { LostLink, Sighting } from './events.ts';
import type { IdentityConflict } from './security/trust.ts';

/** Whom a search tells. None of these may throw. */
export interface SearchListener {
  /** There is a link, in `links` already. */
  onLink(link: Link): void;
  /** It is gone, and not in `links` any more. */
  onLost(lost: LostLink): void;
  /** A peer with a link is called otherwise, or shows other metadata, than before. */
  onUpdate(link: Link): void;
  onSighted(sighting: Sighting): void;
  /** Somebody came with another key under a known name, and was turned away. */
  onConflict(conflict: IdentityConflict): void;
  onWarning(error: CableCarError): void;
}

/** How peers are found on one wire, and how connections with them become links. */
export interface Search {
  /** This program's id. */
  readonly id: PeerId;
  /** The links that are open, by the peer's id. */
  readonly links: ReadonlyMap<PeerId, Link>;
  /** The TCP port that others dial. Undefined while it is closed. */
  readonly tcpPort: number | undefined;
  /** How many datagrams came, and what became of them. */
  readonly counts: DatagramCounts;
  /**
   * Begins to announce, listen and dial; resolves when it does.
   * @throws {CableCarError} ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects); nothing is open then
   */
  open(): Promise<void>;
  /** Gives up everything but the links. Resolves when nothing else is open. */
  close(): Promise<void>;
  /** Meets nobody new, where that can be told from giving a link another connection. */
  retire(): void;
  /**
   * Changes what others see of this program.
   * @throws {CableCarError} ERR_OPTION
   */
  show(metadata: Metadata): void;
}
