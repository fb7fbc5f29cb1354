import type {
  CableCarError,
  EventOutput,
  Greeting,
  RejectionCode,
  SecurePeer,
} from '@cablecar/core-protocol';

/** What comes to the rules of a handshake. */
export type HandshakeInput =
  /** It is known whose key is at the other end, or that there is none to be shown. */
  | { readonly kind: 'secured'; readonly peer: SecurePeer | undefined }
  /** Send HELLO (dialler). */
  | { readonly kind: 'greet'; readonly greeting: Greeting }
  /** Send READY (dialler). */
  | { readonly kind: 'confirm' }
  /** Send WELCOME (acceptor). */
  | { readonly kind: 'welcome'; readonly greeting: Greeting }
  /** Turn the connection away: with REJECT where the other end waits for a word, with CLOSE where it was welcomed by who now meets nobody, else without. */
  | { readonly kind: 'refuse'; readonly code: RejectionCode }
  /** Bytes arrived. */
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  /** The other end finished sending. */
  | { readonly kind: 'ended' }
  /** The connection is gone. */
  | { readonly kind: 'closed'; readonly error: CableCarError | undefined };

/** What the rules of a handshake ask for. */
export type HandshakeAction =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'destroy' };

/** What the rules of a handshake tell. */
export type HandshakeEvent =
  /** Hands can be shaken (dialler). */
  | { readonly kind: 'ready' }
  /** The other end's HELLO or WELCOME came; it is to be decided what follows. */
  | { readonly kind: 'greeted'; readonly greeting: Greeting }
  /** Both ends have their link. `rest` is what came behind the handshake and belongs to the link. */
  | { readonly kind: 'linked'; readonly rest: Uint8Array }
  /** It came to nothing by the other end's doing. Without an error where nothing was ever said. */
  | { readonly kind: 'failed'; readonly error: CableCarError | undefined }
  /** The connection is not to be thought of any more. Last, unless it became a link. */
  | { readonly kind: 'over' };

/** One output of the rules. */
export type HandshakeOutput = HandshakeAction | EventOutput<HandshakeEvent>;
