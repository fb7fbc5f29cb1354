import type { CableCarError } from '../errors/cablecar-error.ts';
import type { Endpoint } from './endpoint.ts';
import type { InterfaceSelection, NetworkInterface } from './interfaces.ts';

/** What a datagram port tells its one listener. None of these may throw. */
export interface DatagramHandlers {
  /** A datagram came; `from` is its true source. The bytes are the receiver's to keep. */
  onDatagram(bytes: Uint8Array, from: Endpoint): void;
  /** The interfaces in use changed (an address came, went or was replaced); sockets have been rebuilt. */
  onInterfaces(interfaces: readonly NetworkInterface[]): void;
  /** Trouble that passes or that the port mends by itself; at most one of a kind for each interface and minute. */
  onWarning(error: CableCarError): void;
}

/** How a datagram port is opened. */
export interface DatagramOptions {
  /** The UDP port on which broadcasts are heard, shared with other programs of this host. */
  readonly port: number;
  readonly interfaces: InterfaceSelection;
  readonly handlers: DatagramHandlers;
  /**
   * Whether other programs may hear the same port (default true). False is for a wire whose programs expect to be
   * alone on their host.
   */
  readonly shared?: boolean;
  /** The groups to join on every interface that can, the loopback aside. Without them broadcasts are all there is. */
  readonly groups?: DatagramGroups;
}

/** The multicast groups of a wire, heard by whoever has joined them on an interface. */
export interface DatagramGroups {
  readonly ipv4: string;
  /** Of link-local scope: `ff02::…`. */
  readonly ipv6: string;
}

/**
 * By which road a datagram goes to everybody: to every subnet's own broadcast address, to 255.255.255.255 as well, or to
 * the group of IPv4 or IPv6 on every interface that has one, no farther than the link.
 */
export type BroadcastReach = 'subnet' | 'everywhere' | 'group' | 'group6';

/**
 * Datagrams to and from everybody on the interfaces selected: one receiver for broadcasts and groups, one sender bound to
 * each interface's own address (which also hears the answers to it). No send error ever escapes.
 */
export interface DatagramPort {
  /** The interfaces in use now. */
  readonly interfaces: readonly NetworkInterface[];
  /** Sends to everybody, on every interface. */
  broadcast(bytes: Uint8Array, reach: BroadcastReach): void;
  /** Sends to one endpoint, from the sender of the interface that reaches it. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Closes every socket and stops watching; idempotent. */
  close(): Promise<void>;
}
