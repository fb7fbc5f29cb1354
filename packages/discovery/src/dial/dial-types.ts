import type {
  Endpoint,
  ErrorCode,
  EventOutput,
  Millis,
  RejectionCode,
} from '@cablecar/core-protocol';
import type { Life } from '../life.ts';

/** Names a connection that a peer dialled and on which its HELLO came. */
export type OfferId = number;

/** What comes to the rules of dialling. Whoever they concern is named by its life. */
export type DialInput =
  /** A peer was heard at an endpoint, for the first time or at a new one. */
  | { readonly kind: 'sighted'; readonly life: Life; readonly endpoint: Endpoint }
  /** A peer took leave, or was not heard for too long. */
  | { readonly kind: 'gone'; readonly life: Life }
  /** Our dial reached the endpoint; HELLO may go. */
  | { readonly kind: 'connected'; readonly life: Life }
  /** The peer answered our dial with WELCOME, as this round. */
  | { readonly kind: 'welcomed'; readonly life: Life; readonly round: number }
  /** Our dial came to nothing, at any stage. */
  | { readonly kind: 'failed'; readonly life: Life; readonly code: ErrorCode }
  /** The peer's HELLO came on a connection that it dialled; the last round that it knows of. */
  | {
      readonly kind: 'offered';
      readonly life: Life;
      readonly offer: OfferId;
      readonly round: number;
    }
  /** The peer's READY came on it. */
  | { readonly kind: 'confirmed'; readonly life: Life; readonly offer: OfferId }
  /** It is gone before that. */
  | { readonly kind: 'withdrawn'; readonly life: Life; readonly offer: OfferId }
  /** The connection of a link closed: `parted` when this program ended it in an orderly way, so that it is not dialled again. */
  | {
      readonly kind: 'unlinked';
      readonly life: Life;
      readonly round: number;
      readonly parted: boolean;
    }
  /** Everything but the links is given up. */
  | { readonly kind: 'stop' };

/** What the rules of dialling ask for. */
export type DialAction =
  | { readonly kind: 'dial'; readonly life: Life; readonly endpoint: Endpoint }
  /** Send HELLO on our dial. */
  | { readonly kind: 'greet'; readonly life: Life; readonly round: number }
  /** Send READY on our dial: it is the link of this round. */
  | { readonly kind: 'confirm'; readonly life: Life; readonly round: number }
  /** Drop our dial. */
  | { readonly kind: 'abandon'; readonly life: Life }
  /** Send WELCOME on the peer's connection. */
  | { readonly kind: 'welcome'; readonly offer: OfferId; readonly round: number }
  /** Send REJECT on it, or drop it where it was welcomed before. */
  | { readonly kind: 'refuse'; readonly offer: OfferId; readonly code: RejectionCode };

/**
 * What the rules of dialling decided, told after the actions of the same step: the peer's connection (our own dial
 * where `offer` is undefined) is its link of this round. Any earlier one has had its time.
 */
export interface DialEvent {
  readonly kind: 'linked';
  readonly life: Life;
  readonly round: number;
  readonly offer: OfferId | undefined;
}

/** One output of the rules. */
export type DialOutput = DialAction | EventOutput<DialEvent>;

/**
 * How far our dial has come. `connected` and `welcomed` pass at once, except in one-to-one mode, where HELLO and READY
 * wait while a stranger holds our WELCOME.
 */
export type DialPhase = 'connecting' | 'connected' | 'greeted' | 'welcomed';

/** A dial of ours. */
export interface Dial {
  readonly endpoint: Endpoint;
  phase: DialPhase;
  /** The round that this is, once the peer has welcomed us. */
  round: number;
}

/** A connection that the peer dialled. */
export interface Offer {
  /** The last round that the peer knew of. */
  readonly known: number;
  /** The round that this is, once our WELCOME has gone. Until then it is deferred. */
  round: number | undefined;
}

/** The connections that a peer dialled, oldest first. */
export type Offers = Map<OfferId, Offer>;

/**
 * Where things stand with one life of a peer.
 *
 * `idle`: nothing under way, because we parted or it turned us away for good · `waiting`: to be dialled at `until` ·
 * `dialling`: our dial is under way · `answering`: its dial is · `crossing`: both are · `linked`: there is a link, and
 * offers of one that is to take its place.
 */
export type DialState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly until: Millis }
  | { readonly kind: 'dialling'; readonly dial: Dial }
  | { readonly kind: 'answering'; readonly offers: Offers }
  | { readonly kind: 'crossing'; readonly dial: Dial; readonly offers: Offers }
  | {
      readonly kind: 'linked';
      readonly round: number;
      readonly since: Millis;
      readonly offers: Offers;
    };
