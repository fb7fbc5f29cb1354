import type { CableCarError } from '@cablecar/core-protocol';

/** Which end dialled a connection; of two connections with one address each was dialled by another end. */
export type Side = 'theirs' | 'ours';

/** What comes to the rules of one link that may have two connections. */
export type MergeInput =
  /** The second connection is there. */
  | { readonly kind: 'joined'; readonly side: Side }
  /** The peer said something on a connection. */
  | { readonly kind: 'spoke'; readonly side: Side }
  /** The peer finished sending on a connection, or it is gone. */
  | { readonly kind: 'ended'; readonly side: Side; readonly error: CableCarError | undefined }
  /** Everything is written, and what waits is the last. */
  | { readonly kind: 'finish' }
  /** Close at once. */
  | { readonly kind: 'destroy' };

/** What the rules ask for. */
export type MergeAction =
  /** Write here from now on, what was kept first. */
  | { readonly kind: 'use'; readonly side: Side }
  /** Write here from now on, and before all else once more what the other connection took in vain. */
  | { readonly kind: 'inherit'; readonly side: Side }
  /** Destroy one connection; the link goes on. */
  | { readonly kind: 'drop'; readonly side: Side }
  /** Finish sending on every connection. */
  | { readonly kind: 'finish' }
  /** Destroy what is left; the link is over. */
  | { readonly kind: 'close'; readonly error: CableCarError | undefined };
