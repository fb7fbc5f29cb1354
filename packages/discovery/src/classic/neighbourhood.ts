import type { NetworkInterface } from '@cablecar/core-protocol';
import { ipv4Number, isInSubnet } from '../ipv4.ts';
import type { Address } from './search-types.ts';

/** What an address is to us: our own, of a network that we are not on, or a neighbour's that sorts so against ours. */
export type Standing = 'own' | 'foreign' | 'larger' | 'smaller';

/** How an address stands to our own address on the network that we share with it. */
export function standingOf(address: Address, interfaces: readonly NetworkInterface[]): Standing {
  if (interfaces.some((own) => own.address === address)) return 'own';
  const own = interfaces.find((network) => isInSubnet(address, network));
  if (own === undefined) return 'foreign';
  return isLarger(address, own.address) ? 'larger' : 'smaller';
}

/** Whether an IPv4 address is larger than another, by number; other kinds of addresses are compared as text. */
export function isLarger(one: Address, other: Address): boolean {
  const [first, second] = [ipv4Number(one), ipv4Number(other)];
  return Number.isNaN(first + second) ? one > other : first > second;
}
