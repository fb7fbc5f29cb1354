import {
  serviceHash,
  type Beacon,
  type NetworkInterface,
  type Random,
} from '@cablecar/core-protocol';

/** An interface of whoever hears the beacons. */
export const ETH0: NetworkInterface = {
  name: 'eth0',
  address: '10.1.0.1',
  netmask: '255.255.0.0',
  broadcast: '10.1.255.255',
  family: 'IPv4',
  loopback: false,
};

/** A neighbour's beacon, as long as it needs to be to be answered in full. */
export const BOB: Beacon = {
  kind: 'announce',
  road: 'broadcast',
  serviceHash: serviceHash('chess'),
  id: 'bb'.repeat(16),
  epoch: 'b1'.repeat(8),
  port: 5000,
  name: 'Bob, of a name as long as it takes',
  metadata: {},
};

/** Chance that never strays. */
export const STEADY: Random = { bytes: (length) => new Uint8Array(length), float: () => 0.5 };
