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
import { displacedError } from '../link/displaced-error.ts';
import type { ResolvedConnectorOptions } from '../options.ts';
import type { Search, SearchListener } from '../search.ts';
import { ClassicLink, NO_EPOCH } from './classic-link.ts';
import { ClassicSearchMachine } from './classic-search-machine.ts';
import type { MadeLink } from './made-link.ts';
import { MergedConnection } from './merged-connection.ts';
import { isLarger } from './neighbourhood.ts';
import type { Address, SearchAction, SearchEvent, SearchInput } from './search-types.ts';
import { Sockets } from './sockets.ts';

/** What Python's cable_car sends; it acts on any datagram, whatever it says. */
const ANNOUNCEMENT: Uint8Array = Buffer.from('BROADCAST');
const NOBODY: PeerId = '0.0.0.0';
/** What happens in every honest network, so that nobody needs to do anything about it. */
const ORDINARY: ReadonlySet<ErrorCode> = new Set(['ERR_CONNECTION_REFUSED']);

/** What a classic search is set to. */
export type ClassicSearchOptions = ResolvedConnectorOptions & { readonly wire: ClassicWire };

/**
 * Finds programs on Python's cable_car, and others that speak its wires, and makes one link with each address.
 * @see docs/protocol.md §9
 */
export class ClassicSearch implements Search {
  readonly links: Map<PeerId, ClassicLink> = new Map();
  readonly #options: ClassicSearchOptions;
  readonly #listener: SearchListener;
  readonly #machine: ClassicSearchMachine;
  readonly #driver: Driver<SearchInput, SearchAction, SearchEvent>;
  readonly #made = new Map<Address, MadeLink>();
  readonly #sockets: Sockets;
  readonly #warnings: StrangerWarnings;
  #id: PeerId = NOBODY;
  #datagrams: DatagramPort | undefined;
  #port: Listener | undefined;
  #onDeaf: () => void = () => {};

  constructor(options: ClassicSearchOptions, listener: SearchListener) {
    const { transport, tcpPort, handshakeTimeoutMs: timeoutMs } = options;
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
      case 'linked':
        return this.#linked(event);
      case 'joined':
        return this.#made
          .get(event.address)
          ?.connection.join(event.side, this.#sockets.take(event.socket));
      case 'lost':
        return this.#lost(event.address);
      default:
        return event satisfies never;
    }
  }

  #sighted(address: Address): void {
    const endpoint = { host: address, port: this.#options.tcpPort };
    const shown = { name: address, metadata: {} };
    this.#listener.onSighted({ id: address, epoch: NO_EPOCH, ...shown, endpoint });
  }

  #linked({ address, link, socket, side, isCrossing }: SearchEvent & { kind: 'linked' }): void {
    const { transport, wire, maxFrameBytes } = this.#options;
    const { clock, random } = transport;
    const first = this.#sockets.take(socket);
    const connection = new MergedConnection({
      connection: first,
      first: side,
      isCrossing,
      guess: isLarger(first.local.host, address) ? 'ours' : 'theirs',
      clock,
      wire,
      maxFrameBytes,
      onWarning: (error) => this.#warnings.warn(error),
    });
    const made: MadeLink = {
      connection,
      closed: undefined,
      link: new ClassicLink({
        connection,
        clock,
        random,
        dialledBy: side === 'ours' ? 'us' : 'them',
        via: 'broadcast',
        onClosed: (parted, error) => {
          made.closed = { error };
          this.#driver.feed({ kind: 'unlinked', address, link, parted });
        },
        onRenamed: (renamed) => this.#listener.onUpdate(renamed),
      }),
    };
    this.#made.set(address, made);
    this.links.set(address, made.link);
    this.#listener.onLink(made.link);
  }

  #lost(address: Address): void {
    const made = this.#made.get(address);
    if (made === undefined) return;
    this.#made.delete(address);
    this.links.delete(address);
    const { link, closed } = made;
    const error = closed === undefined ? displacedError() : closed.error;
    if (closed === undefined && error !== undefined) link.displace(error);
    this.#listener.onLost({ link, error });
  }
}
