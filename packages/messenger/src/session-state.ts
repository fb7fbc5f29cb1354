import type { Millis } from '@cablecar/core-protocol';
import type { SessionEnd } from './session-types.ts';

/** How long the other end may take to finish after a goodbye. */
export const END_TIMEOUT_MS: Millis = 1_000;

/** Where a session stands. */
export type SessionState =
  | { readonly name: 'idle' }
  /** Our OPEN is sent; theirs has not come, so nothing else may be sent. */
  | { readonly name: 'opening' }
  | { readonly name: 'open' }
  /** There is no connection; the link looks for another one. */
  | { readonly name: 'suspended' }
  /** The last frame is sent; the other end has to finish. `news` is what the user will be told then. */
  | { readonly name: 'ending'; readonly deadline: Millis; readonly news: SessionEnd | undefined }
  | { readonly name: 'closed' };

/** A user who waits for the delivery of everything, to say goodbye then or at `deadline`. */
export interface Parting {
  /** Whether it came about while the goodbye could not be said. */
  isDelivered: boolean;
  readonly deadline: Millis;
  readonly reason: string;
}
