import {
  formatEndpoint,
  type BroadcastReach,
  type CableCarError,
  type Endpoint,
  type NetworkInterface,
} from '@cablecar/core-protocol';
import { prefixLength, subnetContains } from './subnet.ts';
import { bindError, receiveError, sendError } from './system-errors.ts';
import { UdpSocket } from './udp-socket.ts';

/** The address that every host of the link hears, whatever its subnet. */
const EVERYONE = '255.255.255.255';

/** Whom the senders tell. */
export interface UdpSendersHandlers {
  /** An answer came to the address and port that a sender sent from. */
  onDatagram(bytes: Uint8Array, from: Endpoint): void;
  /** An interface does not do what it should. */
  onTrouble(network: NetworkInterface, error: CableCarError): void;
}

interface Sender {
  readonly network: NetworkInterface;
  readonly socket: UdpSocket;
  /** Its own subnet could not be reached: the socket may have outlived its address. */
  doubtful: boolean;
}

/**
 * One socket for each interface, bound to the interface's own address. Only so does a broadcast leave by every
 * interface, also without a default route, and do answers come back to this program alone on a shared host.
 */
export class UdpSenders {
  readonly #handlers: UdpSendersHandlers;
  #senders: readonly Sender[] = [];

  constructor(handlers: UdpSendersHandlers) {
    this.#handlers = handlers;
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

  /** Sends from every sender to its own subnet, or to everyone on its link as well. */
  broadcast(bytes: Uint8Array, port: number, reach: BroadcastReach): void {
    for (const sender of this.#senders) {
      const { broadcast, loopback } = sender.network;
      if (broadcast !== undefined) this.#send(sender, bytes, { host: broadcast, port });
      if (reach === 'everywhere' && !loopback) this.#send(sender, bytes, { host: EVERYONE, port });
    }
  }

  /** Sends from the sender that reaches the endpoint; false when there is none. */
  send(bytes: Uint8Array, to: Endpoint): boolean {
    const sender = this.#senderTo(to.host);
    if (sender !== undefined) this.#send(sender, bytes, to);
    return sender !== undefined;
  }

  /** Whether an address lies in the subnet of a sender. */
  reaches(host: string): boolean {
    return this.#senders.some(({ network }) => subnetContains(network, host));
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
        onDatagram: (bytes, from) => this.#handlers.onDatagram(bytes, from),
        onError: (cause) => this.#handlers.onTrouble(network, receiveError(where, cause)),
      });
      return { network, socket, doubtful: false };
    } catch (cause) {
      this.#handlers.onTrouble(network, bindError(where, cause));
      return undefined;
    }
  }

  /** The sender of the smallest subnet around the host; else any that leaves this machine, for a router to pass on. */
  #senderTo(host: string): Sender | undefined {
    const around = this.#senders.filter(({ network }) => subnetContains(network, host));
    around.sort((one, other) => prefixLength(other.network) - prefixLength(one.network));
    return around[0] ?? this.#senders.find(({ network }) => !network.loopback);
  }

  #send(sender: Sender, bytes: Uint8Array, to: Endpoint): void {
    const { network, socket } = sender;
    socket.send(bytes, to, (cause) => {
      const where = `from ${network.address} (${network.name}) to ${formatEndpoint(to)}`;
      const error = sendError(where, cause);
      sender.doubtful ||= to.host === network.broadcast && error.code === 'ERR_UNREACHABLE';
      this.#handlers.onTrouble(network, error);
    });
  }
}

function isSame(one: NetworkInterface, other: NetworkInterface): boolean {
  return one.name === other.name && one.address === other.address && one.netmask === other.netmask;
}
