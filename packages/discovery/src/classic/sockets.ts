import {
  CableCarError,
  CLASSIC_CONNECTION,
  type Connection,
  type Millis,
  type Transport,
} from '@cablecar/core-protocol';
import type { Address, SocketId } from './search-types.ts';

/** What the dials of a search have in common, and whom they tell. */
export interface SocketsOptions {
  readonly transport: Transport;
  /** The port that everybody listens on. */
  readonly tcpPort: number;
  readonly timeoutMs: Millis;
  readonly onDialled: (address: Address, socket: SocketId) => void;
  readonly onFailed: (address: Address, error: CableCarError) => void;
}

/** The connections that no link has taken yet, and the dials that are under way, at most one to each address. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #connections = new Map<SocketId, Connection>();
  readonly #dials = new Map<Address, AbortController>();
  #last: SocketId = 0;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  keep(connection: Connection): SocketId {
    this.#connections.set(++this.#last, connection);
    return this.#last;
  }

  take(socket: SocketId): Connection {
    const connection = this.#connections.get(socket) as Connection;
    this.#connections.delete(socket);
    return connection;
  }

  dial(address: Address): void {
    const { transport, tcpPort: port, timeoutMs, onDialled, onFailed } = this.#options;
    const abort = new AbortController();
    const { signal } = abort;
    this.#dials.set(address, abort);
    const options = { ...CLASSIC_CONNECTION, timeoutMs, signal };
    transport.dial({ host: address, port }, options).then(
      (connection) => {
        if (signal.aborted) return connection.destroy();
        this.#dials.delete(address);
        onDialled(address, this.keep(connection));
      },
      (cause: unknown) => {
        if (signal.aborted) return;
        this.#dials.delete(address);
        onFailed(
          address,
          CableCarError.from(cause, 'ERR_SYSTEM', 'a dial failed, expected to connect'),
        );
      },
    );
  }

  abandon(address: Address): void {
    this.#dials.get(address)?.abort();
    this.#dials.delete(address);
  }
}
