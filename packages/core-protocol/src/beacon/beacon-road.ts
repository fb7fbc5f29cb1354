/**
 * Roads by which a beacon reaches a program that has not met the sender: a broadcast, a multicast group of IPv4 or IPv6,
 * or one address alone, because it was listed in `peers`, a peer knew it, or it was met before.
 */
export const BEACON_ROADS = [
  'broadcast',
  'multicast',
  'multicast6',
  'peers',
  'gossip',
  'remembered',
] as const;

/** A road of a beacon. @see BEACON_ROADS */
export type BeaconRoad = (typeof BEACON_ROADS)[number];
