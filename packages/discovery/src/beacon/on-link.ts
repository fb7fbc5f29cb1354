import type { NetworkInterface } from '@cablecar/core-protocol';

/** Whether a datagram's source is a neighbour: in the subnet of one of the interfaces, or link-local. */
export function isOnLink(host: string, interfaces: readonly NetworkInterface[]): boolean {
  if (host.includes(':')) return /^fe[89ab][0-9a-f]:|^::1$/i.test(host);
  const address = toUint32(host);
  return interfaces.some(({ family, address: own, netmask }) => {
    if (family !== 'IPv4') return false;
    const mask = toUint32(netmask);
    return (address & mask) === (toUint32(own) & mask);
  });
}

function toUint32(dotted: string): number {
  let value = 0;
  for (const part of dotted.split('.')) value = (value << 8) | Number(part);
  return value;
}
