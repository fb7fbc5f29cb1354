import {
  CableCarError,
  Driver,
  Emitter,
  type DatagramPort,
  type Link,
  type Listener,
  type Metadata,
  type PeerId,
  type Timer,
} from '@cablecar/core-protocol';
import { BeaconMachine } from './beacon/beacon-machine.ts';
import type {
  BeaconAction,
  BeaconEvent,
  BeaconInput,
  DatagramCounts,
} from './beacon/beacon-types.ts';
import { isSame } from './beacon/sightings.ts';
import type { ConnectorEvents } from './events.ts';
import { epochOf, idOf, lifeOf } from './life.ts';
import type { ConnectionLink } from './link/connection-link.ts';
import { LinkMaker } from './link/link-maker.ts';
import { checkedMetadata } from './option-checks.ts';
import {
  resolveConnectorOptions,
  type ConnectorOptions,
  type ResolvedConnectorOptions,
} from './options.ts';
import { newSelf, type Self } from './self.ts';

/**
 * Finds the other programs of a service on the network and connects to each of them: announces this program by
 * beacons, hears theirs, and makes exactly one link with each peer, whichever end dials.
 * @see docs/protocol.md §2 to §4
 */
export class BroadcastConnector extends Emitter<ConnectorEvents> implements AsyncDisposable {
  readonly #options: ResolvedConnectorOptions;
  readonly #links = new Map<PeerId, ConnectionLink>();
  readonly #maker: LinkMaker;
  readonly #machine: BeaconMachine;
  readonly #beacons: Driver<BeaconInput, BeaconAction, BeaconEvent>;
  #self: Self;
  #datagrams: DatagramPort | undefined;
  #listener: Listener | undefined;
  #timeout: Timer | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #hasMet = false;

  /** @throws {CableCarError} ERR_OPTION */
  constructor(options: ConnectorOptions = {}) {
    super();
    this.#options = resolveConnectorOptions(options);
    const { transport } = this.#options;
    this.#self = newSelf(this.#options, transport.random);
    this.#machine = new BeaconMachine({ ...this.#options, random: transport.random });
    this.#beacons = new Driver({
      machine: this.#machine,
      clock: transport.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#noticed(event),
    });
    this.#maker = new LinkMaker({
      ...this.#options,
      via: 'broadcast',
      self: () => this.#self,
      onLink: (link) => this.#met(link),
      onLost: (link, error) => this.#lost(link, error),
      onWarning: (error) => void this.deliver('warning', error),
    });
  }

  /** This program's id: 32 hexadecimal digits, another one for every connector. */
  get id(): PeerId {
    return this.#self.id;
  }

  /** What others see as this program's name. */
  get name(): string {
    return this.#self.name;
  }

  /** What others see as this program's metadata. */
  get metadata(): Metadata {
    return this.#self.metadata;
  }

  /** The links that are open, by the peer's id. */
  get links(): ReadonlyMap<PeerId, Link> {
    return this.#links;
  }

  /** The TCP port that others are told to dial. Undefined while stopped. */
  get tcpPort(): number | undefined {
    return this.#listener?.port;
  }

  /** How many datagrams came on the UDP port, and what became of them. */
  get datagrams(): Readonly<DatagramCounts> {
    return { ...this.#machine.counts };
  }

  /** The IP addresses of the peers with a link, each once. */
  addresses(): string[] {
    return [...new Set([...this.#links.values()].map(({ remote }) => remote.host))];
  }

  /**
   * Begins to announce, listen and dial; resolves when it does. May be called again after `stop()`.
   * @throws {CableCarError} ERR_STATE when started already, ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
   */
  async start(): Promise<void> {
    await this.#stopping;
    if (this.#starting !== undefined) {
      throw new CableCarError('ERR_STATE', 'start() was called twice, expected stop() in between');
    }
    this.#starting = this.#open();
    try {
      await this.#starting;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }

  /** Stops announcing, listening and dialling; links stay open. Resolves when nothing else is open. Idempotent. */
  stop(): Promise<void> {
    if (this.#starting === undefined) return Promise.resolve();
    this.#stopping ??= this.#close(this.#starting);
    return this.#stopping;
  }

  /** The same as `stop()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * Changes what others see of this program, at once and also where there are links.
   * @throws {CableCarError} ERR_OPTION when it is no JSON, or too large for a beacon
   */
  setMetadata(metadata: Metadata): void {
    this.#self = { ...this.#self, metadata: checkedMetadata(metadata, this.name) };
    this.#beacons.feed({ kind: 'changed', self: this.#self });
  }

  async #open(): Promise<void> {
    const { transport, udpPort, tcpPort, interfaces, timeoutMs } = this.#options;
    this.#hasMet = false;
    this.#maker.open();
    try {
      this.#listener = await transport.listen({
        port: tcpPort,
        interfaces,
        onConnection: (connection) => this.#maker.admit(connection),
      });
      this.#datagrams = await transport.openDatagrams({
        port: udpPort,
        interfaces,
        handlers: {
          onDatagram: (bytes, from) => this.#beacons.feed({ kind: 'datagram', bytes, from }),
          onInterfaces: (now) => this.#beacons.feed({ kind: 'interfaces', interfaces: now }),
          onWarning: (error) => void this.deliver('warning', error),
        },
      });
    } catch (error) {
      await this.#release();
      throw error;
    }
    const { port } = this.#listener;
    const { interfaces: present } = this.#datagrams;
    this.#beacons.feed({ kind: 'start', self: this.#self, port, interfaces: present });
    if (timeoutMs < Infinity) {
      this.#timeout = transport.clock.setTimer(timeoutMs, () => this.#expire(timeoutMs));
    }
  }

  async #close(starting: Promise<void>): Promise<void> {
    await starting.catch(() => {}); // start() tells
    this.#timeout?.cancel();
    this.#beacons.feed({ kind: 'stop' });
    await this.#release();
    this.#starting = this.#stopping = undefined;
    this.deliver('close');
  }

  async #release(): Promise<void> {
    const released = [this.#datagrams?.close(), this.#listener?.close(), this.#maker.close()];
    this.#datagrams = this.#listener = undefined;
    await Promise.all(released);
  }

  #perform(action: BeaconAction): void {
    if (action.kind === 'broadcast') this.#datagrams?.broadcast(action.bytes, action.reach);
    else this.#datagrams?.send(action.bytes, action.to);
  }

  #noticed(event: BeaconEvent): void {
    const { life } = event;
    if (event.kind === 'sighted') return this.#maker.sighted(life, event.endpoint);
    if (event.kind === 'gone') return this.#maker.gone(life);
    const { endpoint, details } = event;
    const [id, epoch] = [idOf(life), epochOf(life)];
    this.deliver('sighted', { id, epoch, ...details, endpoint });
    const link = this.#links.get(id);
    // Only from where the link goes to: others may know the peer's id as well.
    if (link?.peer.epoch !== epoch || link.remote.host !== endpoint.host) return;
    if (link.peer.name === details.name && isSame(link.peer.metadata, details.metadata)) return;
    link.update(details);
    this.deliver('peer:update', link);
  }

  #met(link: ConnectionLink): void {
    this.#hasMet = true;
    this.#links.set(link.peer.id, link);
    this.#beacons.feed({ kind: 'linked', life: lifeOf(link.peer) });
    if (this.#options.once) void this.stop();
    this.deliver('peer', link);
  }

  #lost(link: ConnectionLink, error: CableCarError | undefined): void {
    this.#links.delete(link.peer.id);
    this.#beacons.feed({ kind: 'unlinked', life: lifeOf(link.peer) });
    this.deliver('peer:lost', { link, error });
  }

  #expire(timeoutMs: number): void {
    void this.stop();
    if (this.#hasMet) return;
    const sentence = `no peer was found in ${timeoutMs} ms, expected one`;
    this.deliver('warning', new CableCarError('ERR_TIMEOUT', sentence));
  }
}
