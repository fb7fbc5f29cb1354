import { CableCarError, type NetworkInterface } from '@cablecar/core-protocol';

/** One network interface of a host: the loopback, or a card that is plugged into a LAN. */
export interface Nic {
  readonly name: string;
  /** Undefined for the loopback. */
  readonly lan: Lan | undefined;
  address: string;
  /** Whether its cable is in. */
  up: boolean;
}

/** One broadcast domain: everybody on it hears everybody's broadcasts, and nobody else does. */
export class Lan {
  readonly name: string;
  readonly broadcast: string;
  readonly #prefix: string;
  #assigned = 0;

  /** The `number`-th LAN of a world has the subnet 10.`number`.0.0/16. */
  constructor(name: string, number: number) {
    this.name = name;
    this.#prefix = `10.${number}.`;
    this.broadcast = `${this.#prefix}255.255`;
  }

  contains(address: string): boolean {
    return address.startsWith(this.#prefix);
  }

  /**
   * The address asked for, or one that nobody has had.
   * @throws {CableCarError} ERR_OPTION
   */
  assign(address?: string): string {
    if (address === undefined) {
      const number = this.#assigned++;
      return `${this.#prefix}${Math.floor(number / 250)}.${(number % 250) + 1}`;
    }
    if (this.contains(address) && isIPv4(address)) return address;
    const seen = `'${address}' was given for LAN '${this.name}'`;
    throw new CableCarError('ERR_OPTION', `${seen}, expected an address in ${this.#prefix}0.0/16`);
  }
}

export function isIPv4(host: string): boolean {
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(host);
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

/** An interface as programs see it. */
export function describeNic({ name, lan, address }: Nic): NetworkInterface {
  return {
    name,
    address,
    netmask: lan ? '255.255.0.0' : '255.0.0.0',
    broadcast: lan ? lan.broadcast : '127.255.255.255',
    family: 'IPv4',
    loopback: lan === undefined,
  };
}
