import {
  CableCarError,
  type ConnectionSettings,
  type Listener,
  type ListenOptions,
} from '@cablecar/core-protocol';
import type { Nic } from './lan.ts';
import type { AcceptedConnection, Network, TcpBinding } from './network.ts';
import { type Handle, type Process, Sight } from './process.ts';
import { isSelected } from './selection.ts';

/** A listening port: the port `Listener` on a host of the world. */
export class SimListener implements Listener, TcpBinding, Handle {
  readonly kind = 'listener';
  readonly address = undefined;
  readonly shared = false;
  readonly process: Process;
  readonly port: number;
  readonly #network: Network;
  readonly #options: ListenOptions;
  #closed = false;

  /** @throws {CableCarError} ERR_PORT_IN_USE */
  constructor(network: Network, process: Process, options: ListenOptions) {
    this.process = process;
    this.#network = network;
    this.#options = options;
    const port = network.listening(process.kernel).bind(options.port, this);
    process.saw(Sight.answer, port ?? 0);
    if (port === undefined) {
      const seen = `another program listens on TCP port ${options.port}`;
      throw new CableCarError('ERR_PORT_IN_USE', `${seen}, expected it to be free`);
    }
    this.port = port;
    process.handles.add(this);
    if (network.journal.wants('open')) network.tell('open', process.id, { detail: this.detail });
  }

  get settings(): ConnectionSettings {
    return this.#options;
  }

  get detail(): string {
    return `TCP port ${this.port}`;
  }

  close(): Promise<void> {
    this.#unbind();
    this.process.handles.delete(this);
    return Promise.resolve();
  }

  abandon(): void {
    this.#unbind();
  }

  onConnection(connection: AcceptedConnection, nic: Nic): void {
    const { process } = this;
    process.handles.add(connection);
    process.enter(() => {
      process.saw(Sight.accepted, connection.id);
      if (this.#closed || !isSelected(nic, this.#options.interfaces)) {
        connection.destroy();
        return;
      }
      if (this.#network.journal.wants('accepted')) {
        const { id, remote: from, local: to } = connection;
        this.#network.tell('accepted', process.id, { connection: id, from, to });
      }
      this.#options.onConnection(connection);
    });
  }

  #unbind(): void {
    this.#closed = true;
    this.#network.listening(this.process.kernel).unbind(this.port, this);
  }
}
