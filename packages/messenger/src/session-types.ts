import type { CableCarError, EventOutput, Millis, OpenFrame } from '@cablecar/core-protocol';

/** What comes to a session's rules. */
export type SessionInput =
  /** The link is attached. */
  | { readonly kind: 'start' }
  /** A control frame arrived: its type, and where its payload lies. */
  | {
      readonly kind: 'control';
      readonly type: number;
      readonly bytes: Uint8Array;
      readonly start: number;
      readonly end: number;
    }
  /**
   * A chunk arrived, with this many messages of this many bytes of frames, of which listeners have taken these at
   * once. No message at all is life, too.
   */
  | {
      readonly kind: 'received';
      readonly messages: number;
      readonly bytes: number;
      readonly taken: number;
      readonly takenBytes: number;
    }
  /** The application took messages from the inbox. */
  | { readonly kind: 'taken'; readonly messages: number; readonly bytes: number }
  /** The user waits for the acknowledgement of what has been written. */
  | { readonly kind: 'flush' }
  /** The peer's host is in reach, as something beside the connection shows. */
  | { readonly kind: 'sighted' }
  /** The user closes; everything is to be delivered before the goodbye, if it is not yet. */
  | {
      readonly kind: 'close';
      readonly isDelivered: boolean;
      readonly flushTimeoutMs: Millis;
      readonly reason: string;
    }
  /** After the user has closed: nothing waits for the peer any more. */
  | { readonly kind: 'delivered' }
  /** The user ends at once. */
  | { readonly kind: 'destroy' }
  /** The peer did what the protocol forbids. */
  | { readonly kind: 'fault'; readonly error: CableCarError }
  /** The other end finished sending. */
  | { readonly kind: 'ended' }
  /** The connection is gone, and the link looks for another one. */
  | { readonly kind: 'down' }
  /** The link has another connection. */
  | { readonly kind: 'up' }
  /** The link is gone. */
  | { readonly kind: 'lost'; readonly error: CableCarError | undefined };

/**
 * Why a messenger closed: `closed` by this program, `goodbye` by the peer, `crashed` because the peer's program ended
 * without one, `lost` with the connection or in silence, `fault` because one side broke the protocol.
 */
export type CloseCode = 'closed' | 'goodbye' | 'crashed' | 'lost' | 'fault';

/** What a session's rules ask for. */
export type SessionAction =
  /** Write these control frames, after the messages that may go now. */
  | { readonly kind: 'control'; readonly bytes: Uint8Array }
  /** The peer's first OPEN came. */
  | { readonly kind: 'opened'; readonly open: OpenFrame }
  /** The peer gives credit, in running totals. */
  | { readonly kind: 'grant'; readonly messages: number; readonly bytes: number }
  /** The peer has received this many messages in all. */
  | { readonly kind: 'acknowledged'; readonly messages: number }
  /** There is no connection: write nothing, and forget what was half read and half written. */
  | { readonly kind: 'suspend' }
  /** The connection is dead: have the link make another one. */
  | { readonly kind: 'reconnect' }
  /** Finish sending once everything is written. */
  | { readonly kind: 'end' }
  | { readonly kind: 'destroy' };

/** How a session ended. */
export interface SessionEnd {
  readonly kind: 'end';
  readonly code: CloseCode;
  readonly reason: string;
  readonly error: CableCarError | undefined;
}

/** What a session's rules tell the user; the end comes once and last. */
export type SessionEvent =
  /** The peer is silent, or the connection is gone. */
  | { readonly kind: 'suspect' }
  /** It is back, and nothing was lost. */
  | { readonly kind: 'resume' }
  | SessionEnd;

/** What a session's rules put out. */
export type SessionOutput = SessionAction | EventOutput<SessionEvent>;

/** How long silences may be. */
export interface LivenessSettings {
  readonly heartbeatIntervalMs: Millis;
  readonly suspectAfterMs: Millis;
  readonly silenceTimeoutMs: Millis;
}

/** What the rules are set to. */
export interface SessionSettings extends LivenessSettings {
  readonly windowMessages: number;
  readonly windowBytes: number;
  readonly maxMessageBytes: number;
  readonly catalog: Uint8Array;
  /** Whether the link can make another connection. */
  readonly resumable: boolean;
  /** How long it may take to do so. */
  readonly resumeWindowMs: Millis;
}
