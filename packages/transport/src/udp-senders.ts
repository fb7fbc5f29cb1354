import {
  formatEndpoint,
  type BroadcastReach,
  type CableCarError,
  type DatagramGroups,
  type Endpoint,
  type NetworkInterface,
} from '@cablecar/core-protocol';
import { prefixLength, subnetContains } from './subnet.ts';
import { bindError, receiveError, sendError } from './system-errors.ts';
import { UdpSocket } from './udp-socket.ts';

/** The address that every host of the link hears, whatever its subnet. */
const EVERYONE = '255.255.255.255';

/** Where the senders send to beside subnets, and whom they tell. */
export interface UdpSendersOptions {
  readonly groups: DatagramGroups | undefined;
  /** Whether what is for no neighbour leaves as the system's table of routes says, by whatever interface. */
  readonly isRouted: boolean;
  /** An answer came to the address and port that a sender sent from. */
  onDatagram(bytes: Uint8Array, from: Endpoint): void;
  /** An interface does not do what it should. */
  onTrouble(network: NetworkInterface, error: CableCarError): void;
  /** What was to be routed is not. */
  onUnrouted(error: CableCarError): void;
}

interface Sender {
  readonly network: NetworkInterface;
  readonly socket: UdpSocket;
  /** The group that it can send to. */
  readonly group: string | undefined;
  /** Its own subnet could not be reached: the socket may have outlived its address. */
  doubtful: boolean;
}

/**
 * One socket for each interface, bound to the interface's own address. Only so does a broadcast leave by every
 * interface, also without a default route, and do answers come back to this program alone on a shared host.
 */
export class UdpSenders {
  readonly #options: UdpSendersOptions;
  #senders: readonly Sender[] = [];
  /** For each family a socket with no address of its own: the system gives it the one of the way there. */
  readonly #routed = new Map<boolean, UdpSocket>();

  constructor(options: UdpSendersOptions) {
    this.#options = options;
  }

  /** The interfaces that have a sender. */
  get interfaces(): readonly NetworkInterface[] {
    return this.#senders.map(({ network }) => network);
  }

  /**
   * Makes the senders match the interfaces: good ones stay, others are closed, missing ones are opened.
   * Gives whether that changed anything.
   */
  async match(interfaces: readonly NetworkInterface[]): Promise<boolean> {
    const kept = interfaces.map((network) => this.#goodSender(network));
    const dropped = this.#senders.filter((sender) => !kept.includes(sender));
    this.#senders = kept.filter((sender) => sender !== undefined);
    const senders = await Promise.all(
      interfaces.map(async (network, index) => kept[index] ?? (await this.#open(network))),
    );
    this.#senders = senders.filter((sender) => sender !== undefined);
    await Promise.all(dropped.map(({ socket }) => socket.close()));
    return dropped.length > 0 || this.#senders.some((sender) => !kept.includes(sender));
  }

  /** Opens what sends to beyond all subnets; where a family is missing, nothing of it can be reached. */
  async openRouted(): Promise<void> {
    if (!this.#options.isRouted) return;
    await Promise.all(['0.0.0.0', '::'].map((address) => this.#openRoutedOn(address)));
  }

  /** Closes every socket. */
  async close(): Promise<void> {
    await Promise.all([
      this.match([]),
      ...[...this.#routed.values()].map((socket) => socket.close()),
    ]);
  }

  /** Sends from every sender to its own subnet, to everyone on its link as well, or to its group. */
  broadcast(bytes: Uint8Array, port: number, reach: BroadcastReach): void {
    if (reach === 'group' || reach === 'group6') return this.#cast(bytes, port, reach);
    for (const sender of this.#senders) {
      const { broadcast, loopback, family } = sender.network;
      if (family === 'IPv6') continue; // there are no broadcasts
      if (broadcast !== undefined) this.#send(sender, bytes, { host: broadcast, port });
      if (reach === 'everywhere' && !loopback) this.#send(sender, bytes, { host: EVERYONE, port });
    }
  }

  #cast(bytes: Uint8Array, port: number, reach: 'group' | 'group6'): void {
    const family = reach === 'group' ? 'IPv4' : 'IPv6';
    for (const sender of this.#senders) {
      const { group, network } = sender;
      if (group !== undefined && network.family === family)
        this.#send(sender, bytes, { host: group, port });
    }
  }

  /** Sends from the sender that reaches the endpoint; false when there is none. */
  send(bytes: Uint8Array, to: Endpoint): boolean {
    const sender = this.#senderTo(to.host);
    if (sender === undefined) return this.#route(bytes, to);
    this.#send(sender, bytes, to);
    return true;
  }

  /** Whether an address lies in the subnet of a sender. */
  reaches(host: string): boolean {
    return this.#senders.some(({ network }) => isNeighbour(network, host));
  }

  async #openRoutedOn(address: string): Promise<void> {
    try {
      const socket = await UdpSocket.open({
        address,
        port: 0,
        shared: false,
        onDatagram: (bytes, from) => this.#options.onDatagram(bytes, from),
        onError: (cause) => this.#options.onUnrouted(receiveError(address, cause)),
      });
      this.#routed.set(isIPv6(address), socket);
    } catch {
      // told when something is to be sent
    }
  }

  #goodSender(network: NetworkInterface): Sender | undefined {
    return this.#senders.find((sender) => !sender.doubtful && isSame(sender.network, network));
  }

  async #open(network: NetworkInterface): Promise<Sender | undefined> {
    const where = `${network.address} (${network.name})`;
    try {
      const socket = await UdpSocket.open({
        address: network.address,
        port: 0,
        shared: false,
        onDatagram: (bytes, from) => this.#options.onDatagram(bytes, from),
        onError: (cause) => this.#options.onTrouble(network, receiveError(where, cause)),
      });
      return { network, socket, group: this.#groupOf(network, socket), doubtful: false };
    } catch (cause) {
      this.#options.onTrouble(network, bindError(where, cause));
      return undefined;
    }
  }

  #groupOf(network: NetworkInterface, socket: UdpSocket): string | undefined {
    const { groups } = this.#options;
    if (groups === undefined || network.loopback || !socket.castOn(network)) return undefined;
    return network.family === 'IPv4' ? groups.ipv4 : groups.ipv6;
  }

  #route(bytes: Uint8Array, to: Endpoint): boolean {
    const socket = this.#routed.get(isIPv6(to.host));
    socket?.send(bytes, to, (cause) =>
      this.#options.onUnrouted(sendError(`to ${formatEndpoint(to)}`, cause)),
    );
    return socket !== undefined;
  }

  /**
   * The sender of the smallest subnet around the host; else none where there is a socket for what is routed, or any that
   * leaves this machine, for a router to pass on.
   */
  #senderTo(host: string): Sender | undefined {
    const family = isIPv6(host) ? 'IPv6' : 'IPv4';
    const senders = this.#senders.filter(({ network }) => network.family === family);
    const around = senders.filter(({ network }) => isNeighbour(network, host));
    if (family === 'IPv6') return around[0];
    around.sort((one, other) => prefixLength(other.network) - prefixLength(one.network));
    if (this.#options.isRouted) return around[0];
    return around[0] ?? senders.find(({ network }) => !network.loopback);
  }

  #send(sender: Sender, bytes: Uint8Array, to: Endpoint): void {
    const { network, socket } = sender;
    socket.send(bytes, to, (cause) => {
      const where = `from ${network.address} (${network.name}) to ${formatEndpoint(to)}`;
      const error = sendError(where, cause);
      const isOurs = to.host === network.broadcast || network.family === 'IPv6';
      sender.doubtful ||= isOurs && error.code === 'ERR_UNREACHABLE';
      // A link that takes no multicast, or no IPv6, is no trouble: broadcasts tell whether it works.
      if (to.host === sender.group || network.family === 'IPv6') return;
      this.#options.onTrouble(network, error);
    });
  }
}

/** Whether a host is on the link of an interface: in its subnet, or link-local by its name. */
function isNeighbour(network: NetworkInterface, host: string): boolean {
  if (network.family === 'IPv4') return subnetContains(network, host);
  return host.includes('%') && scopeOf(host) === scopeOf(network.address);
}

function isIPv6(host: string): boolean {
  return host.includes(':');
}

/** The interface that a link-local address holds on. */
function scopeOf(address: string): string {
  const [, scope = ''] = address.split('%');
  return scope;
}

function isSame(one: NetworkInterface, other: NetworkInterface): boolean {
  return one.name === other.name && one.address === other.address && one.netmask === other.netmask;
}
