/** The longest payload of a byte frame: its length byte counts itself and the code. @see docs/protocol.md §9.3 */
export const MAX_CLASSIC_PAYLOAD = 253;

/** Bytes before the payload of a byte frame: length and code. */
export const CLASSIC_HEADER_BYTES = 2;

/**
 * How deeply arrays and objects of a JSON message may be nested.
 * Python gives up on a line at about 990 less the depth of the program that reads it, and then stays stuck on it.
 */
export const MAX_CLASSIC_DEPTH = 500;

/** The most digits of an integer: Python reads and writes no more, and stays stuck on a line that has more. */
export const MAX_CLASSIC_DIGITS = 4300;
