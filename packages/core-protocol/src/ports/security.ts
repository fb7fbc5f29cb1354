import type { PeerId } from '../identity/peer.ts';
import type { Connection, ConnectionHandlers } from './connection.ts';

/** Which end of a connection this is. */
export type Role = 'dialler' | 'acceptor';

/** Who is at the other end of a secure connection, beyond doubt. */
export interface SecurePeer {
  /** The id that belongs to the key which the other end holds. */
  readonly id: PeerId;
  /**
   * What this connection is told by from every other one: both public keys, the dialler's first, and behind them the
   * exporter of its encryption, where the runtime has one. The best first; none of them is the same at the two ends of
   * a relay.
   */
  readonly bindings: readonly Uint8Array[];
}

/** What a secure connection tells its listener besides. None of these may throw. */
export interface SecureHandlers extends ConnectionHandlers {
  /** It is known who is at the other end; once, and before the first chunk. */
  onSecured?(peer: SecurePeer): void;
}

/**
 * An encrypted connection between two programs that have shown each other their keys. What is written before that goes
 * out when it is done. Of bytes that are not encrypted none ever comes through: the connection closes with
 * ERR_SECURITY_MODE.
 */
export interface SecureConnection extends Connection {
  /** Replaces the listener; see {@link Connection.attach}. */
  attach(handlers: SecureHandlers): void;
}

/** A key pair by which others know a program. Its private half never leaves the transport. */
export interface Identity {
  /** The hash of the public key: 32 hexadecimal digits. */
  readonly id: PeerId;
  /**
   * Makes a connection of the same transport a secure one, before anybody has attached to it. The connection that was
   * given is not to be used any more.
   */
  secure(connection: Connection, role: Role): SecureConnection;
}

/** What programs that were given the same secret can do together, and nobody else. */
export interface SharedSecret {
  /** The proof, 32 bytes, that its maker has the secret and means these pieces. */
  prove(pieces: readonly Uint8Array[]): Uint8Array;
  /** Whether somebody who has the secret made this proof of these pieces; takes as long for a wrong one. */
  isProof(proof: Uint8Array, pieces: readonly Uint8Array[]): boolean;
  /** What only they can read, and nobody else can make. It is 28 bytes longer. */
  seal(bytes: Uint8Array): Uint8Array;
  /** What was sealed; undefined where they did not seal it. */
  unseal(sealed: Uint8Array): Uint8Array | undefined;
}

/** A small file that this user alone may read; it is replaced as a whole. */
export interface PrivateFile {
  /**
   * What it says, undefined where there is none.
   * @throws {CableCarError} ERR_PRIVATE_FILE when others may read it too, ERR_SYSTEM
   */
  read(): string | undefined;
  /** @throws {CableCarError} ERR_SYSTEM */
  write(text: string): void;
}
