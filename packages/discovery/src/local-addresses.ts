import type { NetworkInterface } from '@cablecar/core-protocol';

/**
 * Whose address was which. A connection from an address that its interface has no longer is dead, and nobody is told:
 * what it sends goes nowhere, and what is sent to it comes to nobody.
 */
export class LocalAddresses {
  readonly #names = new Map<string, string>();
  #present = new Set<string>();

  /** The interfaces as they are now. Addresses that are gone are remembered as long as one of `inUse` is among them. */
  update(interfaces: readonly NetworkInterface[], inUse: Iterable<string>): void {
    const used = new Set(inUse);
    for (const address of this.#names.keys()) if (!used.has(address)) this.#names.delete(address);
    for (const { address, name } of interfaces) this.#names.set(address, name);
    this.#present = new Set(interfaces.map(({ address }) => address));
  }

  /**
   * Whether an interface has another address in the place of this one. One that has none at all may be back before the
   * connection breaks: its cable is out.
   */
  isReplaced(address: string): boolean {
    const name = this.#names.get(address);
    if (name === undefined || this.#present.has(address)) return false;
    const isIPv4 = !address.includes(':');
    return [...this.#present].some(
      (other) => this.#names.get(other) === name && other.includes(':') !== isIPv4,
    );
  }
}
