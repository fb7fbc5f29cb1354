import { networkInterfaces } from 'node:os';
import type { InterfaceSelection, NetworkInterface } from '@cablecar/core-protocol';
import { broadcastAddress } from './subnet.ts';

/**
 * Every address of every interface that is up and has its cable in, in the system's order.
 * After a link has come up the system takes up to a second to list it.
 */
export function enumerateInterfaces(): readonly NetworkInterface[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, netmask, family, internal, scopeid = 0 }) => ({
      name,
      address: scopeid === 0 ? address : `${address}%${scopeOf(name, scopeid)}`,
      netmask,
      broadcast: family === 'IPv4' ? broadcastAddress(address, netmask) : undefined,
      family,
      loopback: internal,
    })),
  );
}

/** What stands behind the percent sign of a link-local address: sockets of Windows know interfaces by number. */
function scopeOf(name: string, scopeid: number): string {
  return process.platform === 'win32' ? String(scopeid) : name;
}

/** The interfaces that a selection means. */
export function selectInterfaces(
  interfaces: readonly NetworkInterface[],
  selection: InterfaceSelection,
): readonly NetworkInterface[] {
  if (selection === 'all') return interfaces;
  if (selection === 'loopback') return interfaces.filter(({ loopback }) => loopback);
  return interfaces.filter(
    ({ name, address }) =>
      selection.includes(name) ||
      selection.includes(address) ||
      selection.includes(withoutScope(address)),
  );
}

/** An address as people write it: a link-local one names its interface behind a percent sign. */
function withoutScope(address: string): string {
  return address.split('%', 1).join();
}
