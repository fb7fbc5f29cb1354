import type {
  Connection,
  ConnectionSettings,
  DatagramOptions,
  DatagramPort,
  Endpoint,
  InterfaceSelection,
  Listener,
  Transport,
} from '@cablecar/core-protocol';
import { afterEach, beforeEach } from 'vitest';
import { ConnectionRecorder, DatagramRecorder } from './recorders.ts';

/** One program's place in the network. */
export interface TransportHost {
  readonly transport: Transport;
  /** Where the others reach it, and what its datagrams come from. */
  readonly address: string;
  /** The interfaces on which it meets the others. */
  readonly interfaces: InterfaceSelection;
}

/** A network without faults for one test: programs that reach each other, and the time they live in. */
export interface TransportWorld {
  readonly hosts: readonly [TransportHost, TransportHost, TransportHost];
  /** A UDP port that nobody uses. */
  readonly udpPort: number;
  /** Makes an endpoint that answers a dial neither yes nor no. */
  silent(): Promise<Endpoint>;
  /** Lets time go on until the promise settles; with real time that is `(promise) => promise`. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Releases what is left. */
  close(): Promise<void>;
}

/** Two ends of one connection, each with its listener attached. */
export interface Pair {
  readonly near: Connection;
  readonly nearEnd: ConnectionRecorder;
  readonly far: Connection;
  readonly farEnd: ConnectionRecorder;
}

/** A new world for each test, and what tests do in it over and over; all of it is closed afterwards. */
export class Scene {
  readonly #make: () => Promise<TransportWorld>;
  #world: TransportWorld | undefined;
  #cleanups: (() => unknown)[] = [];

  constructor(make: () => Promise<TransportWorld>) {
    this.#make = make;
    beforeEach(async () => {
      this.#world = await this.#make();
    });
    afterEach(async () => {
      const { world } = this;
      for (const cleanup of this.#cleanups.splice(0)) {
        await world.run(Promise.resolve(cleanup()));
      }
      await world.close();
    });
  }

  get world(): TransportWorld {
    if (this.#world === undefined) throw new Error('there is a world only while a test runs');
    return this.#world;
  }

  get hosts(): TransportWorld['hosts'] {
    return this.world.hosts;
  }

  run<T>(promise: Promise<T>): Promise<T> {
    return this.world.run(promise);
  }

  /** Settles when so much time has gone by. */
  elapsed(ms: number): Promise<void> {
    const { clock } = this.hosts[0].transport;
    return new Promise((resolve) => clock.setTimer(ms, resolve));
  }

  /** Lets so much time go by, for showing that something does not happen. */
  wait(ms: number): Promise<void> {
    return this.run(this.elapsed(ms));
  }

  async openDatagrams(
    host: TransportHost,
    options: Partial<DatagramOptions> = {},
  ): Promise<{ port: DatagramPort; recorder: DatagramRecorder }> {
    const recorder = new DatagramRecorder();
    const port = await this.run(
      host.transport.openDatagrams({
        port: this.world.udpPort,
        interfaces: host.interfaces,
        handlers: recorder,
        ...options,
      }),
    );
    this.#cleanups.push(() => port.close());
    return { port, recorder };
  }

  async listen(
    host: TransportHost,
    onConnection: (connection: Connection) => void,
  ): Promise<{ listener: Listener; endpoint: Endpoint }> {
    const { transport, address, interfaces } = host;
    const listener = await this.run(transport.listen({ port: 0, interfaces, onConnection }));
    this.#cleanups.push(() => listener.close());
    return { listener, endpoint: { host: address, port: listener.port } };
  }

  /** Dials host 1 from host 0; nothing is attached yet. */
  async connect(
    settings: ConnectionSettings = {},
  ): Promise<{ near: Connection; far: Connection; listener: Listener }> {
    let accept!: (connection: Connection) => void;
    const accepted = new Promise<Connection>((resolve) => (accept = resolve));
    const { listener, endpoint } = await this.listen(this.hosts[1], accept);
    const near = await this.run(this.hosts[0].transport.dial(endpoint, settings));
    const far = await this.run(accepted);
    this.#cleanups.push(() => near.destroy());
    this.#cleanups.push(() => far.destroy());
    return { near, far, listener };
  }

  async connectAndAttach(settings: ConnectionSettings = {}): Promise<Pair> {
    const { near, far } = await this.connect(settings);
    const nearEnd = new ConnectionRecorder();
    const farEnd = new ConnectionRecorder();
    near.attach(nearEnd);
    far.attach(farEnd);
    return { near, nearEnd, far, farEnd };
  }
}

/** The same, with connections that are secure. */
export class SecureScene extends Scene {
  override async connect(
    settings: ConnectionSettings = {},
  ): Promise<{ near: Connection; far: Connection; listener: Listener }> {
    const { near, far, listener } = await super.connect(settings);
    const [one, other] = this.hosts.map(({ transport }) => transport.identify());
    return { near: one!.secure(near, 'dialler'), far: other!.secure(far, 'acceptor'), listener };
  }
}

/** Text as the bytes that cross the network. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
