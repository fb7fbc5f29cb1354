import type { CableCarError, Message } from '@cablecar/core-protocol';
import type { CloseCode } from './session-types.ts';

/** How a messenger ended. */
export interface MessengerClose {
  /**
   * `closed` by this program, `goodbye` by the peer, `crashed` as the peer's program ended without one, `lost` with the
   * connection, `fault` in the protocol.
   */
  readonly code: CloseCode;
  /** The same for people; what a peer wrote in it is the peer's. */
  readonly reason: string;
  /** The error that it ended by, if by one. */
  readonly error: CableCarError | undefined;
  /** Messages sent that the peer did not confirm to have received; it does so with each heartbeat, or when `flush()` asks. */
  readonly undelivered: number;
}

/** What a {@link Messenger} emits. */
export type MessengerEvents<M extends Message = Message> = {
  /**
   * A message arrived. While somebody listens, messages come here in their order and are not queued; what was queued
   * before comes first.
   */
  message: (message: M) => void;
  /** After `send()` answered false: enough has gone to go on. */
  drain: () => void;
  /** The peer is silent, or the connection was lost and another one is being made. */
  suspect: () => void;
  /** After `suspect`: the peer is back, and nothing was lost, doubled or reordered. */
  resume: () => void;
  /** The peer asks to compare codes, by `verify()`, and waits for this end to do so too. */
  verify: () => void;
  /** The end, exactly once and after the last message. */
  close: (close: MessengerClose) => void;
  /** Something is wrong and was dealt with, such as a message that did not decode. */
  warning: (error: CableCarError) => void;
};
