import type { NetworkInterface } from '@cablecar/core-protocol';

/** An address with the length of its subnet's prefix: `10.0.0.2/24`. */
export function networkOf({ address, netmask }: NetworkInterface): string {
  const bits = netmask.split('.').map((part) => Number(part).toString(2));
  return `${address}/${bits.join('').replaceAll('0', '').length}`;
}

/** Whether an interface has an IPv4 address. */
export function isIPv4({ family }: NetworkInterface): boolean {
  return family === 'IPv4';
}

/** Whether an IPv4 address belongs to the subnet of `10.0.0.2/24`. */
export function contains(network: string, address: string): boolean {
  const [own = '', length = '32'] = network.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(toNumber(own) / size) === Math.floor(toNumber(address) / size);
}

/** Whether two such subnets have addresses in common. */
export function overlap(one: string, other: string): boolean {
  return contains(one, addressOf(other)) || contains(other, addressOf(one));
}

/** The address in `10.0.0.2/24`. */
export function addressOf(network: string): string {
  return network.split('/')[0] ?? network;
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
