import type { NetworkInterface } from '@cablecar/core-protocol';
import { isInSubnet } from '../ipv4.ts';

/** Whether a datagram's source is a neighbour: in the subnet of one of the interfaces, or link-local. */
export function isOnLink(host: string, interfaces: readonly NetworkInterface[]): boolean {
  if (host.includes(':')) return /^fe[89ab][0-9a-f]:|^::1$/i.test(host);
  return interfaces.some((network) => isInSubnet(host, network));
}
