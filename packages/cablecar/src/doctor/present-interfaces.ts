import type { NetworkInterface } from '@cablecar/core-protocol';
import type { Evidence } from './evidence.ts';
import { isIPv4, networkOf } from './ipv4-network.ts';

/** The interfaces with IPv4 that are there at a time, and how that changed meanwhile. */
export class PresentInterfaces {
  readonly #changes: { readonly name: string; readonly seen: string }[] = [];
  #present: readonly NetworkInterface[] = [];

  get changes(): Evidence['changes'] {
    return this.#changes;
  }

  /** Those that are there at first. */
  begin(present: readonly NetworkInterface[]): void {
    this.#present = present.filter(isIPv4);
  }

  /** Others are there now. */
  become(all: readonly NetworkInterface[]): void {
    const present = all.filter(isIPv4);
    const names = new Set([...this.#present, ...present].map(({ name }) => name));
    for (const name of names) {
      const [old, now] = [networksOf(this.#present, name), networksOf(present, name)];
      if (old !== now) this.#changes.push({ name, seen: `${name} had ${old} and now has ${now}` });
    }
    this.#present = present;
  }

  has(address: string): boolean {
    return this.#present.some((own) => own.address === address);
  }
}

function networksOf(interfaces: readonly NetworkInterface[], name: string): string {
  const networks = interfaces.filter((one) => one.name === name).map(networkOf);
  return networks.join(', ') || 'nothing';
}
