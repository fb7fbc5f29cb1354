import { CableCarError, type Endpoint } from '@cablecar/core-protocol';
import type { Nic } from './lan.ts';

/** A socket that is bound to a port. */
export interface Binding {
  /** Undefined for a socket that hears every address of its host, and broadcasts. */
  readonly address: string | undefined;
  /** Whether others that are shared as well may be bound to the same port. */
  readonly shared: boolean;
}

/** A datagram that has arrived. */
export interface Arrival {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
  /** The interface by which it came. */
  readonly nic: Nic;
  /** Which datagram it is, to tell states of the world apart. */
  readonly number: number;
}

/** A bound UDP socket, as the system sees it. */
export interface UdpBinding extends Binding {
  /** The multicast group that it has joined, on every interface. */
  readonly group?: string | undefined;
  onDatagram(arrival: Arrival): void;
}

const FIRST_EPHEMERAL = 49_152;

/** Which ports of one host are bound, and by whom. */
export class PortTable<B extends Binding> {
  readonly #bindings = new Map<number, B[]>();
  #ephemeral = FIRST_EPHEMERAL;

  /** Binds to a port, 0 for one that is free. Answers the port, or undefined if another socket holds it. */
  bind(port: number, binding: B): number | undefined {
    if (port === 0) return this.bind(this.nextEphemeral(), binding);
    const others = this.#bindings.get(port) ?? [];
    if (others.some((other) => inConflict(other, binding))) return undefined;
    this.#bindings.set(port, [...others, binding]);
    return port;
  }

  unbind(port: number, binding: B): void {
    const rest = this.at(port).filter((other) => other !== binding);
    if (rest.length > 0) this.#bindings.set(port, rest);
    else this.#bindings.delete(port);
  }

  /** Whoever is bound to a port, the latest last. */
  at(port: number): readonly B[] {
    return this.#bindings.get(port) ?? [];
  }

  /** A port that nobody is bound to. */
  nextEphemeral(): number {
    do {
      if (++this.#ephemeral > 65_535) this.#ephemeral = FIRST_EPHEMERAL;
    } while (this.#bindings.has(this.#ephemeral));
    return this.#ephemeral;
  }
}

function inConflict(a: Binding, b: Binding): boolean {
  if (a.shared && b.shared) return false;
  return a.address === undefined || b.address === undefined || a.address === b.address;
}

/**
 * Refuses what is no port number.
 * @throws {CableCarError} ERR_OPTION
 */
export function requirePort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new CableCarError('ERR_OPTION', `port is ${port}, expected an integer from 0 to 65535`);
}
