import {
  BEACON_GROUPS,
  CableCarError,
  Driver,
  type DatagramPort,
  type Endpoint,
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
import { epochOf, idOf, lifeOf, type Life } from './life.ts';
import type { ConnectionLink } from './link/connection-link.ts';
import { LinkMaker } from './link/link-maker.ts';
import { LocalAddresses } from './local-addresses.ts';
import type { ResolvedConnectorOptions } from './resolve-options.ts';
import type { Search, SearchListener } from './search.ts';
import { SealedBeacons } from './security/sealed-beacons.ts';
import { securityFor } from './security/security-for.ts';
import type { Security } from './security/security.ts';
import { Seeker } from './probe/seeker.ts';
import { newSelf, type Self } from './self.ts';

/**
 * Finds the other programs of a service by beacons, and makes exactly one link with each.
 * @see docs/protocol.md §2 to §4
 */
export class NativeSearch implements Search {
  readonly links: Map<PeerId, ConnectionLink> = new Map();
  readonly #options: ResolvedConnectorOptions;
  readonly #listener: SearchListener;
  readonly #security: Security;
  readonly #maker: LinkMaker;
  readonly #machine: BeaconMachine;
  readonly #beacons: Driver<BeaconInput, BeaconAction, BeaconEvent>;
  readonly #seeker: Seeker;
  readonly #addresses = new LocalAddresses();
  #self: Self;
  /** With a secret, all beacons are sealed. */
  #sealed: SealedBeacons | undefined;
  /** Datagrams that were not sealed with it. */
  #unopened = 0;
  #datagrams: DatagramPort | undefined;
  #port: Listener | undefined;

  constructor(options: ResolvedConnectorOptions, listener: SearchListener) {
    const { transport } = options;
    this.#options = options;
    this.#listener = listener;
    this.#security = securityFor(options, listener);
    this.#self = newSelf(this.#security.id, options, transport.random);
    this.#machine = new BeaconMachine({ ...options, random: transport.random });
    this.#beacons = new Driver({
      machine: this.#machine,
      clock: transport.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#noticed(event),
    });
    this.#seeker = new Seeker(options, {
      onInput: (input) => this.#beacons.feed(input),
      onWarning: (error) => listener.onWarning(error),
    });
    this.#maker = new LinkMaker({
      ...options,
      security: this.#security,
      via: (life) => this.#machine.roadOf(life) ?? 'inbound',
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
    const { received, foreign, ...others } = this.#machine.counts;
    return { received: received + this.#unopened, foreign: foreign + this.#unopened, ...others };
  }

  async open(): Promise<void> {
    const { transport, udpPort, tcpPort, interfaces } = this.#options;
    await this.#security.prepare();
    const { secret } = this.#security;
    this.#sealed = secret && new SealedBeacons(secret, (error) => this.#listener.onWarning(error));
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
        groups: BEACON_GROUPS,
        handlers: {
          onDatagram: (bytes, from) => this.#hear(bytes, from),
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
    this.#seeker.start();
    if (!this.#security.isSecured) this.#warnOfInsecurity();
  }

  close(): Promise<void> {
    this.#beacons.feed({ kind: 'stop' });
    return this.#release();
  }

  retire(): void {
    this.#maker.retire();
  }

  show(metadata: Metadata): void {
    this.#self = { ...this.#self, metadata };
    this.#beacons.feed({ kind: 'changed', self: this.#self });
  }

  /** Later, when whoever has started this can have begun to listen. */
  #warnOfInsecurity(): void {
    this.#options.transport.clock.setTimer(0, () => this.#listener.onWarning(insecureError()));
  }

  async #release(): Promise<void> {
    const released = [this.#datagrams?.close(), this.#port?.close(), this.#maker.close()];
    this.#datagrams = this.#port = undefined;
    for (const closed of released) await closed;
  }

  #hear(datagram: Uint8Array, from: Endpoint): void {
    const bytes = this.#sealed === undefined ? datagram : this.#sealed.open(datagram, from);
    if (bytes === undefined) this.#unopened++;
    else this.#beacons.feed({ kind: 'datagram', bytes, from });
  }

  #perform(action: BeaconAction): void {
    if (action.kind === 'resolve') return this.#seeker.resolve(action.probe);
    const bytes = this.#sealed?.seal(action.bytes) ?? action.bytes;
    if (action.kind === 'broadcast') this.#datagrams?.broadcast(bytes, action.reach);
    else this.#datagrams?.send(bytes, action.to);
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
    if (event.kind === 'gone') return this.#maker.gone(life, event.hasLeft);
    if (event.kind === 'heard') return this.#linkTo(life, event.host)?.sighted();
    const { endpoint, details } = event;
    this.#listener.onSighted({ id: idOf(life), epoch: epochOf(life), ...details, endpoint });
    const link = this.#linkTo(life, endpoint.host);
    if (link === undefined) return;
    const before = link.peer;
    link.update(details);
    this.#tellChange(link, before);
  }

  /** The link with a life, if it goes to that host: others may know the peer's id as well. */
  #linkTo(life: Life, host: string): ConnectionLink | undefined {
    const link = this.links.get(idOf(life));
    return link?.peer.epoch === epochOf(life) && link.remote.host === host ? link : undefined;
  }

  #tellChange(link: ConnectionLink, before: PeerInfo): void {
    const { name, metadata } = link.peer;
    if (name === before.name && isSame(metadata, before.metadata)) return;
    this.#listener.onUpdate(link);
  }

  #met(link: ConnectionLink): void {
    this.links.set(link.peer.id, link);
    this.#seeker.met(link.remote.host);
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

function insecureError(): CableCarError {
  const sentence = "security is 'none': anybody on the network can read along and pose as anybody";
  return new CableCarError('ERR_INSECURE', `${sentence}, expected 'tls' outside of debugging`);
}
