import { isIPv4 } from 'node:net';
import type { NetworkInterface } from '@cablecar/core-protocol';

/** The broadcast address of an IPv4 subnet; none where the subnet has no room for one (/31, /32). */
export function broadcastAddress(address: string, netmask: string): string | undefined {
  const hostBits = ~toUint32(netmask) >>> 0;
  return hostBits < 3 ? undefined : toDotted((toUint32(address) | hostBits) >>> 0);
}

/** Whether an IPv4 address lies in the subnet of an interface. */
export function subnetContains(network: NetworkInterface, host: string): boolean {
  if (network.family !== 'IPv4' || !isIPv4(host)) return false;
  const mask = toUint32(network.netmask);
  return (toUint32(host) & mask) === (toUint32(network.address) & mask);
}

/** How many bits of an IPv4 interface's address name its subnet. */
export function prefixLength(network: NetworkInterface): number {
  return 32 - Math.ceil(Math.log2((~toUint32(network.netmask) >>> 0) + 1));
}

function toUint32(dotted: string): number {
  return dotted.split('.').reduce((value, part) => ((value << 8) | Number(part)) >>> 0, 0);
}

function toDotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}
