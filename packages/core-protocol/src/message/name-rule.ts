import { isWellFormed } from './utf8.ts';

const MAX_CODE_POINTS = 64;
/** The longest name of a message type or field, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 255;
// Control characters, and those that turn the direction of the text around them.
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with a name of a message type or field, if anything is. */
export function flawOfName(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'is not a string';
  if (name === '') return 'is empty';
  if (!isWellFormed(name)) return 'has half of a surrogate pair';
  if (UNPRINTABLE.test(name)) return 'has control characters';
  if (name.length > 2 * MAX_CODE_POINTS || Array.from(name).length > MAX_CODE_POINTS)
    return `is longer than ${MAX_CODE_POINTS} characters`;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `is longer than ${MAX_NAME_BYTES} bytes`;
  return undefined;
}
