import type { DatagramGroups, Endpoint, NetworkInterface } from '@cablecar/core-protocol';
import { UdpSocket } from './udp-socket.ts';

/** Where datagrams to everybody are heard, and whom that is told. */
export interface UdpReceiversOptions {
  readonly port: number;
  readonly shared: boolean;
  readonly groups: DatagramGroups | undefined;
  onDatagram(bytes: Uint8Array, from: Endpoint): void;
  onError(error: unknown): void;
}

/**
 * The wildcard sockets that hear broadcasts and groups: one of IPv4, and where there are groups one of IPv6. They are
 * members of their group on every interface in use; where an interface takes no members, the other roads remain.
 */
export class UdpReceivers {
  readonly #options: UdpReceiversOptions;
  #ipv4: UdpSocket | undefined;
  #ipv6: UdpSocket | undefined;
  #joined: readonly NetworkInterface[] = [];

  constructor(options: UdpReceiversOptions) {
    this.#options = options;
  }

  /** Whether anything can be heard. */
  get isOpen(): boolean {
    return this.#ipv4 !== undefined;
  }

  /** Binds; rejects with the system's own error where IPv4 cannot be heard. */
  async open(): Promise<void> {
    if (this.#options.groups !== undefined) this.#ipv6 = await this.#openIPv6();
    this.#ipv4 = await UdpSocket.open({ ...this.#listening(), address: '0.0.0.0' });
  }

  /** Joins the groups on these interfaces and leaves them on all others. */
  match(interfaces: readonly NetworkInterface[]): void {
    const before = this.#joined;
    this.#joined = interfaces.filter(({ loopback }) => !loopback);
    for (const network of before) {
      if (!this.#joined.some(isSame(network))) this.#change('leave', network);
    }
    for (const network of this.#joined) {
      if (!before.some(isSame(network))) this.#change('join', network);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#ipv4?.close(), this.#ipv6?.close()]);
  }

  #change(what: 'join' | 'leave', network: NetworkInterface): void {
    const { groups } = this.#options;
    if (groups === undefined) return;
    if (network.family === 'IPv4') this.#ipv4?.[what](groups.ipv4, network);
    else this.#ipv6?.[what](groups.ipv6, network);
  }

  /** None where the system has no IPv6, or another program has the port of that family for itself. */
  #openIPv6(): Promise<UdpSocket | undefined> {
    return UdpSocket.open({ ...this.#listening(), address: '::' }).catch(() => undefined);
  }

  #listening(): Omit<UdpReceiversOptions, 'groups'> {
    const { port, shared } = this.#options;
    return {
      port,
      shared,
      onDatagram: (bytes, from) => this.#options.onDatagram(bytes, from),
      onError: (error) => this.#options.onError(error),
    };
  }
}

function isSame({ name, address }: NetworkInterface): (other: NetworkInterface) => boolean {
  return (other) => other.name === name && other.address === address;
}
