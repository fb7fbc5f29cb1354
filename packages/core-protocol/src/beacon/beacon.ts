import type { Metadata, PeerId } from '../identity/peer.ts';
import type { DatagramGroups } from '../ports/datagrams.ts';
import type { BeaconRoad } from './beacon-road.ts';

/** The version of beacons and of the handshake that this library speaks. */
export const PROTOCOL_VERSION = 1;

/** The first four bytes of every beacon and every greeting: `CCAR`. */
export const MAGIC = 0x4343_4152;

/** The largest beacon: it fits one unfragmented datagram on any link. */
export const MAX_BEACON_BYTES = 512;

/**
 * What a beacon is for: `announce` tells, `probe` tells and asks everybody to answer, `answer` is told to one program
 * alone, `goodbye` takes leave.
 */
export type BeaconKind = 'announce' | 'probe' | 'answer' | 'goodbye';

/** The multicast groups that programs meet in: CC, and CCAR. */
export const BEACON_GROUPS: DatagramGroups = { ipv4: '239.255.67.67', ipv6: 'ff02::4343:4152' };

/**
 * The datagram by which a program shows itself.
 * @see docs/protocol.md §2
 */
export interface Beacon {
  readonly kind: BeaconKind;
  /** Which road it takes; an answer names the road of its question. It says why two programs have met, nothing else. */
  readonly road: BeaconRoad;
  /** Which service it belongs to. @see serviceHash */
  readonly serviceHash: string;
  readonly id: PeerId;
  readonly epoch: string;
  /** The TCP port that the program listens on, at the address that the datagram comes from. */
  readonly port: number;
  /** Undefined where an answer leaves it out to be no longer than its question. */
  readonly name: string | undefined;
  /** Undefined where an answer leaves it out. */
  readonly metadata: Metadata | undefined;
}
