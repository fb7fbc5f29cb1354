import {
  Driver,
  type CableCarError,
  type DatagramPort,
  type Listener,
  type Metadata,
  type NetworkInterface,
  type PeerId,
  type PeerInfo,
} from '@cablecar/core-protocol';
import { BeaconMachine } from './beacon/beacon-machine.ts';
import type {
  BeaconAction,
  BeaconEvent,
  BeaconInput,
  DatagramCounts,
} from './beacon/beacon-types.ts';
import { isSame } from './beacon/sightings.ts';
import { epochOf, idOf, lifeOf } from './life.ts';
import type { ConnectionLink } from './link/connection-link.ts';
import { LinkMaker } from './link/link-maker.ts';
import { LocalAddresses } from './local-addresses.ts';
import type { ResolvedConnectorOptions } from './options.ts';
import type { Search, SearchListener } from './search.ts';
import { newSelf, type Self } from './self.ts';

/**
 * Finds the other programs of a service by beacons, and makes exactly one link with each.
 * @see docs/protocol.md §2 to §4
 */
export class NativeSearch implements Search {
  readonly links: Map<PeerId, ConnectionLink> = new Map();
  readonly #options: ResolvedConnectorOptions;
  readonly #listener: SearchListener;
  readonly #maker: LinkMaker;
  readonly #machine: BeaconMachine;
  readonly #beacons: Driver<BeaconInput, BeaconAction, BeaconEvent>;
  readonly #addresses = new LocalAddresses();
  #self: Self;
  #datagrams: DatagramPort | undefined;
  #port: Listener | undefined;

  constructor(options: ResolvedConnectorOptions, listener: SearchListener) {
    const { transport } = options;
    this.#options = options;
    this.#listener = listener;
    this.#self = newSelf(options, transport.random);
    this.#machine = new BeaconMachine({ ...options, random: transport.random });
    this.#beacons = new Driver({
      machine: this.#machine,
      clock: transport.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#noticed(event),
    });
    this.#maker = new LinkMaker({
      ...options,
      via: 'broadcast',
      self: () => this.#self,
      onLink: (link) => this.#met(link),
      onLost: (link, error) => this.#lost(link, error),
      onDown: (link) => this.#beacons.feed({ kind: 'unlinked', life: lifeOf(link.peer) }),
      onUp: (link, before) => this.#up(link, before),
      onWarning: (error) => listener.onWarning(error),
    });
  }

  get id(): PeerId {
    return this.#self.id;
  }

  get tcpPort(): number | undefined {
    return this.#port?.port;
  }

  get counts(): DatagramCounts {
    return { ...this.#machine.counts };
  }

  async open(): Promise<void> {
    const { transport, udpPort, tcpPort, interfaces } = this.#options;
    this.#maker.open();
    try {
      this.#port = await transport.listen({
        port: tcpPort,
        interfaces,
        onConnection: (connection) => this.#maker.admit(connection),
      });
      this.#datagrams = await transport.openDatagrams({
        port: udpPort,
        interfaces,
        handlers: {
          onDatagram: (bytes, from) => this.#beacons.feed({ kind: 'datagram', bytes, from }),
          onInterfaces: (present) => this.#moved(present),
          onWarning: (error) => this.#listener.onWarning(error),
        },
      });
    } catch (error) {
      await this.#release();
      throw error;
    }
    const { port } = this.#port;
    const { interfaces: present } = this.#datagrams;
    this.#addresses.update(present, []);
    this.#beacons.feed({ kind: 'start', self: this.#self, port, interfaces: present });
  }

  close(): Promise<void> {
    this.#beacons.feed({ kind: 'stop' });
    return this.#release();
  }

  show(metadata: Metadata): void {
    this.#self = { ...this.#self, metadata };
    this.#beacons.feed({ kind: 'changed', self: this.#self });
  }

  async #release(): Promise<void> {
    const released = [this.#datagrams?.close(), this.#port?.close(), this.#maker.close()];
    this.#datagrams = this.#port = undefined;
    for (const closed of released) await closed;
  }

  #perform(action: BeaconAction): void {
    if (action.kind === 'broadcast') this.#datagrams?.broadcast(action.bytes, action.reach);
    else this.#datagrams?.send(action.bytes, action.to);
  }

  #moved(interfaces: readonly NetworkInterface[]): void {
    const links = [...this.links.values()];
    this.#addresses.update(
      interfaces,
      links.map(({ local }) => local.host),
    );
    this.#beacons.feed({ kind: 'interfaces', interfaces });
    for (const link of links) if (this.#addresses.isReplaced(link.local.host)) link.reconnect();
  }

  #noticed(event: BeaconEvent): void {
    const { life } = event;
    if (event.kind === 'sighted') return this.#maker.sighted(life, event.endpoint);
    if (event.kind === 'gone') return this.#maker.gone(life);
    const { endpoint, details } = event;
    const [id, epoch] = [idOf(life), epochOf(life)];
    this.#listener.onSighted({ id, epoch, ...details, endpoint });
    const link = this.links.get(id);
    // Only from where the link goes to: others may know the peer's id as well.
    if (link?.peer.epoch !== epoch || link.remote.host !== endpoint.host) return;
    const before = link.peer;
    link.update(details);
    this.#tellChange(link, before);
  }

  #tellChange(link: ConnectionLink, before: PeerInfo): void {
    const { name, metadata } = link.peer;
    if (name === before.name && isSame(metadata, before.metadata)) return;
    this.#listener.onUpdate(link);
  }

  #met(link: ConnectionLink): void {
    this.links.set(link.peer.id, link);
    this.#beacons.feed({ kind: 'linked', life: lifeOf(link.peer) });
    this.#listener.onLink(link);
  }

  #up(link: ConnectionLink, before: PeerInfo): void {
    this.#beacons.feed({ kind: 'linked', life: lifeOf(link.peer) });
    this.#tellChange(link, before);
  }

  #lost(link: ConnectionLink, error: CableCarError | undefined): void {
    this.links.delete(link.peer.id);
    this.#beacons.feed({ kind: 'unlinked', life: lifeOf(link.peer) });
    this.#listener.onLost({ link, error });
  }
}
