import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './ascii.ts';
import { MAX_DEPTH, MAX_KEYS } from './json-rules.ts';
import { decodeError } from './message-errors.ts';
import { readUtf8 } from './utf8.ts';

/** A shorter text has no room for more brackets that close again. */
const FIRST_DEEP_LENGTH = 2 * (MAX_DEPTH + 1);

/** Where a text of JSON is, and whose it is for errors to name. */
export interface JsonSource {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/**
 * Parses JSON that a stranger sent. Depth and number of keys are judged before the parser sees the text: parsing
 * is where deep nesting costs seconds and colliding keys cost quadratic time.
 * @throws {CableCarError} ERR_MESSAGE_DECODE
 */
export function parseJson(source: JsonSource): unknown {
  const { bytes, start, end, label } = source;
  if (end - start >= FIRST_DEEP_LENGTH) checkShape(source);
  const text = readUtf8(bytes, start, end);
  if (text === undefined) throw decodeError(`${label} is not UTF-8, expected JSON`);
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw decodeError(`${label} of ${end - start} bytes does not parse, expected JSON`, {
      cause: thrown,
    });
  }
}

function checkShape({ bytes, start, end, label }: JsonSource): void {
  let depth = 0;
  let keys = 0;
  for (let at = start; at < end; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at + 1, end);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > MAX_DEPTH)
          throw decodeError(`${label} nests deeper, expected at most ${MAX_DEPTH} levels`);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
        break;
      case COLON:
        if (++keys > MAX_KEYS)
          throw decodeError(`${label} has more keys, expected at most ${MAX_KEYS}`);
        break;
      default:
    }
  }
}

/** Where the string ends that begins at `at`: at its closing quote. */
function endOfString(bytes: Uint8Array, at: number, end: number): number {
  let cursor = at;
  while (cursor < end && bytes[cursor] !== QUOTE) cursor += bytes[cursor] === BACKSLASH ? 2 : 1;
  return cursor;
}
