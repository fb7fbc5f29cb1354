/**
 * Frame types below 16 are the protocol's own; a message of the sender's n-th registered type has type 16 + n.
 * @see docs/protocol.md §5
 */
export const FRAME = {
  /** Discovery's handshake. */
  HELLO: 1,
  WELCOME: 2,
  REJECT: 3,
  READY: 4,
  /** The messenger's session. */
  OPEN: 5,
  PING: 6,
  PONG: 7,
  ACK: 8,
  CLOSE: 9,
  /** A piece of a large message, with more to follow; and its last piece. */
  PART: 10,
  PART_END: 11,
  /** Discovery's handshake, where there is a secret. */
  PROOF: 12,
  /** The messenger's verification of keys by people. */
  COMMIT: 13,
  REVEAL: 14,
} as const;

/** The type of the first message type in a catalog. */
export const FIRST_MESSAGE_TYPE = 16;

/** The largest type that fits two bytes of varint. */
export const MAX_FRAME_TYPE = 0x3fff;

/** What a frame's length and its type take at most. */
export const MAX_LENGTH_BYTES = 4;
export const MAX_TYPE_BYTES = 2;

/** The largest length of a frame, and the largest value of `maxMessageBytes`: what four bytes of varint can say. */
export const MAX_FRAME_LENGTH = 0x0fff_ffff;
