import type { PeerId, PeerInfo } from '@cablecar/core-protocol';

/** Whether connections are encrypted. */
export type SecurityMode = 'tls' | 'none';

/**
 * Who is let in: anybody; anybody new, and under a known name only whom it belongs to; certain ids; or whom a function
 * says yes to, which may take its time within `handshakeTimeoutMs`. A function that throws has said no.
 */
export type Trust =
  | 'any'
  | 'known'
  | { readonly allow: readonly PeerId[] }
  | ((peer: PeerInfo) => boolean | Promise<boolean>);

/** Somebody came with another key under a name that is known, and was turned away. */
export interface IdentityConflict {
  readonly name: string;
  /** Whose name it is. */
  readonly known: PeerId;
  /** Who came with it. */
  readonly peer: PeerInfo;
}

/** The options of security with their defaults filled in. */
export interface SecurityOptions {
  readonly security: SecurityMode;
  readonly secret: string | undefined;
  readonly identity: string | undefined;
  readonly trust: Trust;
  readonly knownPeers: string | undefined;
}
