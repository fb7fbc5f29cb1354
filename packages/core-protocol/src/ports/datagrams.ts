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
}

/** How far a broadcast goes: every subnet's own broadcast address, or 255.255.255.255 as well. */
export type BroadcastReach = 'subnet' | 'everywhere';

/**
 * Datagrams to and from everybody on the interfaces selected: one receiver for broadcasts, one sender bound to each
 * interface's own address (which also hears the answers to it). No send error ever escapes.
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
