import type { NetworkInterface } from '@cablecar/core-protocol';

/** An IPv4 address as a number, by which addresses are compared; NaN for any other address. */
export function ipv4Number(address: string): number {
  const parts = address.split('.');
  return parts.length === 4 ? parts.reduce((sum, part) => sum * 256 + Number(part), 0) : NaN;
}

/** Whether an IPv4 address lies in the subnet of an interface. */
export function isInSubnet(address: string, network: NetworkInterface): boolean {
  if (network.family !== 'IPv4') return false;
  const mask = ipv4Number(network.netmask);
  return ((ipv4Number(address) & mask) ^ (ipv4Number(network.address) & mask)) === 0;
}
