import type {
  BroadcastReach,
  Endpoint,
  EventOutput,
  NetworkInterface,
} from '@cablecar/core-protocol';
import type { Life } from '../life.ts';
import type { Probe } from '../probe/probes.ts';
import type { Self } from '../self.ts';
import type { Details } from './peer-table.ts';

/** What comes to the rules of beacons. */
export type BeaconInput =
  /** Begin to announce a program that listens on this TCP port. */
  | {
      readonly kind: 'start';
      readonly self: Self;
      readonly port: number;
      readonly interfaces: readonly NetworkInterface[];
    }
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array; readonly from: Endpoint }
  /** The interfaces in use changed. */
  | { readonly kind: 'interfaces'; readonly interfaces: readonly NetworkInterface[] }
  /** Name or metadata changed. */
  | { readonly kind: 'changed'; readonly self: Self }
  /** There is a link with a peer, or there is none any more. */
  | { readonly kind: 'linked'; readonly life: Life }
  | { readonly kind: 'unlinked'; readonly life: Life }
  /** Ask at an endpoint, whose host may be a name, until somebody there is met. */
  | { readonly kind: 'seek'; readonly probe: Probe }
  /** A name was resolved. */
  | {
      readonly kind: 'resolved';
      readonly probe: Probe;
      readonly addresses: readonly string[];
    }
  /** Say goodbye and fall silent. */
  | { readonly kind: 'stop' };

/** What the rules of beacons ask for. */
export type BeaconAction =
  | { readonly kind: 'broadcast'; readonly bytes: Uint8Array; readonly reach: BroadcastReach }
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly to: Endpoint }
  /** Find the addresses of the host of a probe. */
  | { readonly kind: 'resolve'; readonly probe: Probe };

/** What the rules of beacons tell. */
export type BeaconEvent =
  /** A peer was heard for the first time in this life, or at an endpoint where it had not been heard. */
  | { readonly kind: 'sighted'; readonly life: Life; readonly endpoint: Endpoint }
  /** A peer with a link was heard. */
  | { readonly kind: 'heard'; readonly life: Life; readonly host: string }
  /** What a peer shows of itself became known, or changed. */
  | {
      readonly kind: 'shown';
      readonly life: Life;
      readonly endpoint: Endpoint;
      readonly details: Details;
    }
  /** A peer took leave, was not heard for too long, or made room for others. */
  | { readonly kind: 'gone'; readonly life: Life; readonly hasLeft: boolean };

/** One output of the rules. */
export type BeaconOutput = BeaconAction | EventOutput<BeaconEvent>;

/** How many datagrams came, and what became of them. */
export interface DatagramCounts {
  /** All that came. */
  received: number;
  /** Another program's, or a version that is not spoken here. */
  foreign: number;
  /** Beacons that are not well-formed. */
  malformed: number;
  /** Beacons of other services. */
  otherService: number;
  /** Our own, come back. */
  own: number;
  /** Unasked from beyond the subnets of our interfaces, acquaintances of who has no link, or naming a TCP port below 1024. */
  untrusted: number;
  /** Strangers beyond what one address may show. */
  limited: number;
}
