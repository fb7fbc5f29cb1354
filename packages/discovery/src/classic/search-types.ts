import type { EventOutput, Millis, NetworkInterface } from '@cablecar/core-protocol';
import type { Side } from './merge-types.ts';

/** An IP address, which is all that a peer is known by on a classic wire. */
export type Address = string;

/** Names a connection that was accepted or dialled. */
export type SocketId = number;

/** Names one of the links that there have been. */
export type LinkId = number;

/** What comes to the rules of the classic search. */
export type SearchInput =
  | { readonly kind: 'start'; readonly interfaces: readonly NetworkInterface[] }
  /** The interfaces in use changed. */
  | { readonly kind: 'interfaces'; readonly interfaces: readonly NetworkInterface[] }
  /** A datagram came, whatever it says. */
  | { readonly kind: 'datagram'; readonly address: Address }
  /** The peer dialled. */
  | { readonly kind: 'accepted'; readonly address: Address; readonly socket: SocketId }
  /** Our dial reached it. */
  | { readonly kind: 'dialled'; readonly address: Address; readonly socket: SocketId }
  /** Our dial came to nothing. */
  | { readonly kind: 'failed'; readonly address: Address }
  /** A link closed: `parted` when this program ended it in an orderly way, so that it is not dialled again. */
  | {
      readonly kind: 'unlinked';
      readonly address: Address;
      readonly link: LinkId;
      readonly parted: boolean;
    }
  /** Give up everything but the links. */
  | { readonly kind: 'stop' };

/** What the rules ask for. */
export type SearchAction =
  /** Send a datagram to everybody. */
  | { readonly kind: 'announce' }
  /** Send a datagram to one address, which makes a program there dial at once. */
  | { readonly kind: 'nudge'; readonly address: Address }
  | { readonly kind: 'dial'; readonly address: Address }
  /** Drop our dial. */
  | { readonly kind: 'abandon'; readonly address: Address }
  /** Close a connection that is not wanted. */
  | { readonly kind: 'refuse'; readonly socket: SocketId; readonly isCrowded: boolean }
  /** Accept no more: after a stop nobody can come any more who belongs to a link. */
  | { readonly kind: 'deafen' };

/** What the rules decided. */
export type SearchEvent =
  /** An address was heard for the first time. */
  | { readonly kind: 'sighted'; readonly address: Address }
  /** A connection is to be a new link. `isCrossing` when our own dial is under way as well. */
  | {
      readonly kind: 'made';
      readonly address: Address;
      readonly link: LinkId;
      readonly socket: SocketId;
      readonly side: Side;
      readonly isCrossing: boolean;
    }
  /** The link is there for others to see. */
  | { readonly kind: 'linked'; readonly address: Address }
  /** A connection is the second one of a link. */
  | {
      readonly kind: 'joined';
      readonly address: Address;
      readonly socket: SocketId;
      readonly side: Side;
    }
  /** A link is gone: it closed, or the peer's program has begun again. It may not have been seen. */
  | { readonly kind: 'lost'; readonly address: Address };

/** One output of the rules. */
export type SearchOutput = SearchAction | EventOutput<SearchEvent>;

/** A link, as far as its connections are concerned. */
export interface Linked {
  readonly link: LinkId;
  readonly since: Millis;
  /** Which of the two connections there have been. */
  readonly sides: Set<Side>;
}

/**
 * Where things stand with one address.
 *
 * `heard`: nudged, and left the time to dial · `due`: it did not, although it is alive, and is dialled at `until` ·
 * `dialling` · `settling`: our dial is connected, but may be turned away · `resting`: our dial failed · `parted`: we
 * ended the link and do not make another · `linked` · `crossing`: linked, with our dial still under way.
 */
export type AddressState =
  | { readonly kind: 'heard'; readonly since: Millis }
  | { readonly kind: 'due'; readonly until: Millis }
  | { readonly kind: 'dialling' }
  | ({ readonly kind: 'settling'; readonly until: Millis } & Linked)
  | { readonly kind: 'resting'; readonly until: Millis }
  | { readonly kind: 'parted' }
  | ({ readonly kind: 'linked' } & Linked)
  | ({ readonly kind: 'crossing' } & Linked);
