import type { BeaconRoad, BroadcastReach, NetworkInterface } from '@cablecar/core-protocol';

/** A way of telling everybody: the road that the beacon names, and the port's word for it. */
export interface Cast {
  readonly road: BeaconRoad;
  readonly reach: BroadcastReach;
}

const MULTICAST: Cast = { road: 'multicast', reach: 'group' };
const MULTICAST6: Cast = { road: 'multicast6', reach: 'group6' };
const SUBNET: Cast = { road: 'broadcast', reach: 'subnet' };

/** All of them at once, for the few beacons that matter most. Broadcasts first: where all roads work they are the road. */
export const EVERY_CAST: readonly Cast[] = [
  { road: 'broadcast', reach: 'everywhere' },
  MULTICAST,
  MULTICAST6,
];

/** The many beacons after them take turns, so that three roads cost no more datagrams than one. */
const TURNS: readonly Cast[] = [SUBNET, SUBNET, MULTICAST, SUBNET, SUBNET, MULTICAST6];

/** How a steady beacon goes: by the road whose turn it is, or by broadcast where no interface has that road. */
export function castOfTurn(turn: number, interfaces: readonly NetworkInterface[]): Cast {
  const cast = TURNS[turn % TURNS.length] ?? SUBNET;
  const family = cast === MULTICAST6 ? 'IPv6' : 'IPv4';
  const isThere = interfaces.some((network) => network.family === family && !network.loopback);
  return isThere ? cast : SUBNET;
}
