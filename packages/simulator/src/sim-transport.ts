import {
  CableCarError,
  type Clock,
  type Connection,
  type DatagramOptions,
  type DatagramPort,
  type DialOptions,
  type Endpoint,
  type Identity,
  type Listener,
  type ListenOptions,
  type Millis,
  type PrivateFile,
  type Random,
  type SharedSecret,
  type Timer,
  type Transport,
} from '@cablecar/core-protocol';
import { dial } from './dial.ts';
import { isIPv4 } from './lan.ts';
import type { Network } from './network.ts';
import { requirePort } from './port-table.ts';
import type { Process } from './process.ts';
import { SimDatagrams } from './sim-datagrams.ts';
import { identify } from './sim-identity.ts';
import { SimListener } from './sim-listener.ts';
import { SimSecret } from './sim-secret.ts';

/** The time of day when a world begins: the first moment of 2024. */
const WALL_START_MS: Millis = 1_704_067_200_000;

/** Time as one program sees it. */
class SimClock implements Clock {
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  now(): Millis {
    const { engine, kernel, clockOrigin } = this.#process;
    return clockOrigin + engine.now - kernel.lagMs;
  }

  wallNow(): Millis {
    const { engine, kernel } = this.#process;
    return Math.floor(WALL_START_MS + engine.now + kernel.wallJumpMs);
  }

  setTimer(delayMs: Millis, callback: () => void): Timer {
    return this.#process.setTimer(delayMs, callback);
  }

  endOfTurn(callback: () => void): void {
    const process = this.#process;
    process.engine.endOfTurn(() => {
      if (process.alive) callback();
    });
  }
}

/** The port `Transport` for one life of one program. Of a program that crashed, nothing ever answers. */
export class SimTransport implements Transport {
  readonly clock: Clock;
  readonly random: Random;
  readonly #network: Network;
  readonly #process: Process;

  constructor(network: Network, process: Process) {
    this.clock = new SimClock(process);
    this.random = process.random;
    this.#network = network;
    this.#process = process;
  }

  openDatagrams(options: DatagramOptions): Promise<DatagramPort> {
    return this.#open(options.port, () => new SimDatagrams(this.#network, this.#process, options));
  }

  listen(options: ListenOptions): Promise<Listener> {
    return this.#open(options.port, () => new SimListener(this.#network, this.#process, options));
  }

  dial(to: Endpoint, options?: DialOptions): Promise<Connection> {
    return dial({ network: this.#network, process: this.#process, to }, options);
  }

  resolve(host: string): Promise<readonly string[]> {
    if (isIPv4(host)) return Promise.resolve([host]);
    const { nics } = this.#network.kernels.get(host) ?? { nics: [] };
    const addresses = nics.filter(({ lan }) => lan !== undefined).map(({ address }) => address);
    if (addresses.length > 0) return Promise.resolve(addresses);
    const sentence = `'${host}' has no address, expected a host of this world`;
    return Promise.reject(new CableCarError('ERR_HOST_UNKNOWN', sentence));
  }

  identify(path?: string): Identity {
    return identify(this.random, path === undefined ? undefined : this.privateFile(path));
  }

  stretch(secret: string, scope: string): Promise<SharedSecret> {
    return Promise.resolve(new SimSecret(secret, scope));
  }

  privateFile(path: string): PrivateFile {
    const { files } = this.#process.kernel;
    return {
      read: () => files.get(path),
      write: (text) => void files.set(path, text),
    };
  }

  #open<Opened>(port: number, make: () => Opened): Promise<Opened> {
    if (!this.#process.alive) return new Promise(() => {});
    return new Promise((resolve) => {
      requirePort(port);
      resolve(make());
    });
  }
}
