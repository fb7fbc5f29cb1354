import type { BeaconRoad } from '../beacon/beacon-road.ts';
import type { Endpoint } from '../ports/endpoint.ts';

/** A peer's id: 32 lower-case hexadecimal digits on the native wire, the IP address on the classic one. */
export type PeerId = string & { readonly __brand?: 'PeerId' };

/** Small facts that a program shows to others before they connect: JSON values. */
export type Metadata = Readonly<Record<string, unknown>>;

/**
 * How a peer was found: by the road of the first beacon that was heard of it; `inbound` when it dialled before any was
 * heard; `direct` between a client and a server; `stream` over a stream that was handed in.
 */
export type Via = BeaconRoad | 'inbound' | 'direct' | 'stream';

/** Who a peer is. */
export interface PeerInfo {
  readonly id: PeerId;
  /** One life of the peer's program, 16 hexadecimal digits: a restart has another one. */
  readonly epoch: string;
  /** What the peer calls itself; to be shown, never to be trusted or used as a key. */
  readonly name: string;
  readonly metadata: Metadata;
  /** Where the connection goes to. */
  readonly endpoint: Endpoint;
  /** Which end dialled the connection. */
  readonly dialledBy: 'us' | 'them';
  readonly via: Via;
}
