import type { Clock, Millis } from './clock.ts';
import type { Connection, ConnectionSettings } from './connection.ts';
import type { DatagramOptions, DatagramPort } from './datagrams.ts';
import type { Endpoint } from './endpoint.ts';
import type { InterfaceSelection } from './interfaces.ts';
import type { Random } from './random.ts';
import type { Identity, PrivateFile, SharedSecret } from './security.ts';

/** How connections are accepted. */
export interface ListenOptions extends ConnectionSettings {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Connections to other interfaces' addresses are closed unread. */
  readonly interfaces: InterfaceSelection;
  /** Called for each accepted connection; must not throw. */
  readonly onConnection: (connection: Connection) => void;
}

/** A listening port. */
export interface Listener {
  /** The port in use. */
  readonly port: number;
  /** Stops accepting; connections already accepted stay. Idempotent. */
  close(): Promise<void>;
}

/** How a connection is dialled. */
export interface DialOptions extends ConnectionSettings {
  /** Aborting rejects with `signal.reason` and leaves no socket behind. */
  readonly signal?: AbortSignal;
  /** Gives up after this long with ERR_TIMEOUT. */
  readonly timeoutMs?: Millis;
}

/** Everything that is outside of a program: sockets, time and chance. Real on Node, virtual in the simulator. */
export interface Transport {
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Opens the datagram port.
   * @throws {CableCarError} ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
   */
  openDatagrams(options: DatagramOptions): Promise<DatagramPort>;
  /**
   * Listens for connections.
   * @throws {CableCarError} ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
   */
  listen(options: ListenOptions): Promise<Listener>;
  /**
   * Dials a connection; Nagle's algorithm is off.
   * @throws {CableCarError} ERR_HOST_UNKNOWN, ERR_CONNECTION_REFUSED, ERR_UNREACHABLE, ERR_TIMEOUT, ERR_SYSTEM (rejects)
   */
  dial(to: Endpoint, options?: DialOptions): Promise<Connection>;
  /**
   * The addresses of a host, a name or an address itself; those of IPv4 first.
   * @throws {CableCarError} ERR_HOST_UNKNOWN (rejects)
   */
  resolve(host: string): Promise<readonly string[]>;
  /**
   * The identity that is kept at a path, and made there where none is yet; without a path a new one, which is forgotten.
   * @throws {CableCarError} ERR_PRIVATE_FILE when others may read it, ERR_IDENTITY_FILE when it holds no identity,
   * ERR_SYSTEM
   */
  identify(path?: string): Identity;
  /**
   * Makes keys of a secret, slowly, so that guessing takes long; `scope` keeps apart what is done with the same one.
   * Once in a process for each.
   */
  stretch(secret: string, scope: string): Promise<SharedSecret>;
  /** A small file for what is to be remembered. */
  privateFile(path: string): PrivateFile;
}
