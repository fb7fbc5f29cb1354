import {
  CableCarError,
  CLASSIC_CONNECTION,
  Driver,
  formatEndpoint,
  type ClassicWire,
  type Connection,
  type DatagramPort,
  type ErrorCode,
  type Listener,
  type NetworkInterface,
  type PeerId,
} from '@cablecar/core-protocol';
import type { DatagramCounts } from '../beacon/beacon-types.ts';
import { StrangerWarnings } from '../limits/stranger-warnings.ts';
import type { ResolvedConnectorOptions } from '../resolve-options.ts';
import type { Search, SearchListener } from '../search.ts';
import { NO_EPOCH, type ClassicLink } from './classic-link.ts';
import { ClassicLinks } from './classic-links.ts';
import { ClassicSearchMachine } from './classic-search-machine.ts';
import type { Address, SearchAction, SearchEvent, SearchInput } from './search-types.ts';
import { Sockets } from './sockets.ts';

/** What Python's cable_car sends; it acts on any datagram, whatever it says. */
const ANNOUNCEMENT: Uint8Array = Buffer.from('BROADCAST');
const NOBODY: PeerId = '0.0.0.0';
/** What happens in every honest network, so that nobody needs to do anything about it. */
const ORDINARY: ReadonlySet<ErrorCode> = new Set(['ERR_CONNECTION_REFUSED']);

/** What a classic search is set to. */
export interface ClassicSearchOptions extends ResolvedConnectorOptions {
  readonly wire: ClassicWire;
}

/**
 * Finds programs on Python's cable_car, and others that speak its wires, and makes one link with each address.
 * @see docs/protocol.md §9
 */
export class ClassicSearch implements Search {
  readonly #options: ClassicSearchOptions;
  readonly #listener: SearchListener;
  readonly #machine: ClassicSearchMachine;
  readonly #driver: Driver<SearchInput, SearchAction, SearchEvent>;
  readonly #links: ClassicLinks;
  readonly #sockets: Sockets;
  readonly #warnings: StrangerWarnings;
  #id: PeerId = NOBODY;
  #datagrams: DatagramPort | undefined;
  #port: Listener | undefined;
  #onDeaf: () => void = () => {};

  constructor(options: ClassicSearchOptions, listener: SearchListener) {
    const { transport, wire, maxMessageBytes, tcpPort, handshakeTimeoutMs: timeoutMs } = options;
    this.#options = options;
    this.#listener = listener;
    this.#machine = new ClassicSearchMachine(options);
    this.#driver = new Driver({
      machine: this.#machine,
      clock: transport.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#decided(event),
    });
    this.#warnings = new StrangerWarnings(transport.clock, ORDINARY, (error) =>
      listener.onWarning(error),
    );
    this.#links = new ClassicLinks({
      transport,
      wire,
      maxMessageBytes,
      listener,
      onWarning: (error) => this.#warnings.warn(error),
      onClosed: (address, link, parted) =>
        this.#driver.feed({ kind: 'unlinked', address, link, parted }),
    });
    this.#sockets = new Sockets({
      transport,
      tcpPort,
      timeoutMs,
      onDialled: (address, socket) => this.#driver.feed({ kind: 'dialled', address, socket }),
      onFailed: (address, error) => {
        this.#warnings.warn(error);
        this.#driver.feed({ kind: 'failed', address });
      },
    });
  }

  /** The address by which others know this program, or the first of them; `0.0.0.0` before the start. */
  get id(): PeerId {
    return this.#id;
  }

  get links(): ReadonlyMap<PeerId, ClassicLink> {
    return this.#links.seen;
  }

  get tcpPort(): number | undefined {
    return this.#port?.port;
  }

  get counts(): DatagramCounts {
    return { ...this.#machine.counts };
  }

  async open(): Promise<void> {
    const { transport, interfaces, tcpPort, udpPort } = this.#options;
    try {
      // First, so that whoever answers the first datagram is not refused.
      this.#port = await transport.listen({
        ...CLASSIC_CONNECTION,
        port: tcpPort,
        interfaces,
        onConnection: (connection) => {
          const { host: address } = connection.remote;
          this.#driver.feed({ kind: 'accepted', address, socket: this.#sockets.keep(connection) });
        },
      });
      this.#datagrams = await transport.openDatagrams({
        port: udpPort,
        interfaces,
        shared: false,
        handlers: {
          onDatagram: (_, from) => this.#driver.feed({ kind: 'datagram', address: from.host }),
          onInterfaces: (present) => this.#moved('interfaces', present),
          onWarning: (error) => this.#listener.onWarning(error),
        },
      });
    } catch (error) {
      await this.#release();
      throw error;
    }
    this.#moved('start', this.#datagrams.interfaces);
  }

  async close(): Promise<void> {
    const closing = this.#datagrams?.close();
    this.#datagrams = undefined;
    await new Promise<void>((resolve) => {
      this.#onDeaf = resolve;
      this.#driver.feed({ kind: 'stop' });
    });
    await Promise.all([closing, this.#release()]);
  }

  retire(): void {
    // A link here has the connections that it began with, and who comes is not known before.
  }

  show(): void {
    throw new CableCarError(
      'ERR_OPTION',
      `metadata was given, expected none on the ${this.#options.wire} wire, which has no place for it`,
    );
  }

  async #release(): Promise<void> {
    const port = this.#port;
    this.#port = undefined;
    await port?.close();
  }

  #moved(kind: 'start' | 'interfaces', interfaces: readonly NetworkInterface[]): void {
    const [first] = interfaces.filter(({ loopback }) => !loopback);
    this.#id = (first ?? interfaces[0])?.address ?? NOBODY;
    this.#driver.feed({ kind, interfaces });
  }

  #perform(action: SearchAction): void {
    const { udpPort } = this.#options;
    switch (action.kind) {
      case 'announce':
        return this.#datagrams?.broadcast(ANNOUNCEMENT, 'everywhere');
      case 'nudge':
        return this.#datagrams?.send(ANNOUNCEMENT, { host: action.address, port: udpPort });
      case 'dial':
        return this.#sockets.dial(action.address);
      case 'abandon':
        return this.#sockets.abandon(action.address);
      case 'refuse':
        return this.#refuse(this.#sockets.take(action.socket), action.isCrowded);
      case 'deafen':
        return this.#onDeaf();
      default:
        return action satisfies never;
    }
  }

  #refuse(connection: Connection, isCrowded: boolean): void {
    connection.destroy();
    if (!isCrowded) return;
    const { maxPeers } = this.#options;
    const who = formatEndpoint(connection.remote);
    const sentence = `${who} came, expected at most ${maxPeers} peers at a time`;
    this.#warnings.warn(new CableCarError('ERR_LIMIT', sentence));
  }

  #decided(event: SearchEvent): void {
    switch (event.kind) {
      case 'sighted':
        return this.#sighted(event.address);
      case 'made':
        return this.#links.make({ ...event, connection: this.#sockets.take(event.socket) });
      case 'linked':
        return this.#links.show(event.address);
      case 'joined':
        return this.#links.join(event.address, event.side, this.#sockets.take(event.socket));
      case 'lost':
        return this.#links.lose(event.address);
      default:
        return event satisfies never;
    }
  }

  #sighted(address: Address): void {
    const endpoint = { host: address, port: this.#options.tcpPort };
    const shown = { name: address, metadata: {} };
    this.#listener.onSighted({ id: address, epoch: NO_EPOCH, ...shown, endpoint });
  }
}
