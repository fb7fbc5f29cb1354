import type { CableCarError } from '../errors/cablecar-error.ts';
import type { PeerInfo } from '../identity/peer.ts';
import type { Endpoint } from './endpoint.ts';

/** Who a note is about, as far as it is known. */
export type NotedPeer = Pick<PeerInfo, 'id' | 'epoch' | 'name' | 'metadata' | 'endpoint'>;

/** Something that happened, for logs and reports. Never a message, nor anything of one, nor a secret or a key. */
export type Note =
  /** A beacon showed a peer for the first time, or changed; nobody knows yet whether it is true. */
  | { readonly kind: 'beacon'; readonly peer: NotedPeer }
  /** A connection is dialled. */
  | { readonly kind: 'dial'; readonly endpoint: Endpoint }
  /** A dial came to nothing. */
  | { readonly kind: 'dial-failed'; readonly endpoint: Endpoint; readonly error: CableCarError }
  /** There is a link with a peer. */
  | { readonly kind: 'peer'; readonly peer: NotedPeer }
  /** A peer is silent, or its connection is gone. */
  | { readonly kind: 'suspect'; readonly peer: NotedPeer }
  /** It is back, and nothing was lost. */
  | { readonly kind: 'resume'; readonly peer: NotedPeer }
  /** A messenger ended; `code` says how, as in its `close`. */
  | {
      readonly kind: 'lost';
      readonly peer: NotedPeer;
      readonly code: string;
      readonly error: CableCarError | undefined;
    }
  /** Something is wrong and was dealt with; with whom, where it is about a peer with a messenger. */
  | {
      readonly kind: 'warning';
      readonly peer: NotedPeer | undefined;
      readonly error: CableCarError;
    };

/** Every kind of note, in the order in which a peer goes through them. */
export const NOTE_KINDS: readonly Note['kind'][] = [
  'beacon',
  'dial',
  'dial-failed',
  'peer',
  'suspect',
  'resume',
  'lost',
  'warning',
];

/** Who is told what happens, beside whom it concerns. */
export interface Observer {
  /** Must neither throw nor change what the note holds. */
  note(note: Note): void;
}
