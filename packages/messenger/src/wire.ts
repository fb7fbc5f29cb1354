import type {
  ByteWriter,
  CableCarError,
  Machine,
  Message,
  MessageClass,
  OpenFrame,
  PartJoiner,
} from '@cablecar/core-protocol';
import type { RoundTripStats } from './round-trip.ts';
import type { SessionInput, SessionOutput } from './session-types.ts';

/** One frame, where it lies: its payload is `bytes` from `start` to `end`, its size with the header `frameBytes`. */
export interface Frame {
  readonly type: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly frameBytes: number;
}

/** Cuts chunks into frames, in place, and is itself the current one; see FrameDecoder. */
export interface FrameSource extends Frame {
  /** Set when the bytes are not frames, for good. */
  readonly error: CableCarError | undefined;
  /** What was skipped since this was last asked, if anything was. */
  takeWarning?(): CableCarError | undefined;
  push(chunk: Uint8Array): void;
  next(): boolean;
}

/** The rules of a session, whatever the wire. */
export interface SessionRules extends Machine<SessionInput, SessionOutput> {
  readonly roundTrip: RoundTripStats;
}

/** Everything in which one wire differs from another: framing, message coding, session rules, and how to hold a sender. */
export interface Wire {
  readonly rules: SessionRules;
  /** Read it anew after `reset()`. */
  readonly frames: FrameSource;
  /** `credit`: the rules hold the sender. `pause`: not reading holds it. */
  readonly flow: 'credit' | 'pause';
  /** Frames of types below this are parts, or for the rules; the others are messages. */
  readonly firstMessageType: number;
  /** Joins the parts of large messages, across connections; only where such are cut. */
  readonly parts?: PartJoiner;
  /** Forgets a frame half read: what comes next is the beginning of another connection. */
  reset(): void;
  /** Writes a whole frame as the writer's item. Throws what is wrong with the message. */
  encode(message: Message, writer: ByteWriter): void;
  /** The class that a message frame is of, where it is one of ours; costs less than decoding it. */
  classOf(frame: Frame): MessageClass | undefined;
  /** Decodes a message; undefined for a type that the user was told of as unknown. Never throws. */
  decode(frame: Frame): Message | CableCarError | undefined;
  /**
   * Learns the peer's types and limits. Answers what the user should be warned of, or the fault that ends the session.
   */
  opened(open: OpenFrame): readonly CableCarError[] | CableCarError | undefined;
}
