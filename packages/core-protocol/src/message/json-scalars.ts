import { BACKSLASH, MINUS, POINT, QUOTE, ZERO } from './ascii.ts';
import { asciiReaders } from './layout-readers.ts';
import { readKnownAscii, readUtf8 } from './utf8.ts';

/** So many digits are read as one whole number of 32 bits; divided by a power of ten it is the nearest number. */
const QUICK_DIGITS = 9;
/** A number of more digits is left to the parser. */
const MOST_DIGITS = 24;
const POWERS: readonly number[] = Array.from({ length: QUICK_DIGITS + 1 }, (_, at) => 10 ** at);

const LITERALS: readonly (readonly [text: Buffer, value: boolean | null])[] = [
  [Buffer.from('true'), true],
  [Buffer.from('false'), false],
  [Buffer.from('null'), null],
];

/** Where reading goes on; -1 where something stands that is not read here. */
export interface Cursor {
  at: number;
}

/** Reads a text, number, boolean or null of JSON that begins at `at`, as long as it is a plain one. */
export type ScalarReader = (bytes: Uint8Array, at: number, end: number, cursor: Cursor) => unknown;

/** Makes a reader. One that is made for a place meets the same lengths there again and again. */
export function scalarReader(): ScalarReader {
  const readAscii = asciiReaders();
  return (bytes, at, end, cursor) => {
    switch (bytes[at]) {
      case QUOTE:
        return text(bytes, at + 1, end, cursor);
      case 0x66:
      case 0x6e:
      case 0x74:
        return literal(bytes, at, cursor);
      default:
        return number(bytes, at, end, cursor);
    }
  };

  function text(bytes: Uint8Array, start: number, end: number, cursor: Cursor): string | undefined {
    let at = start;
    let all = 0;
    for (; at < end; at++) {
      const unit = bytes[at] as number;
      if (unit === QUOTE) break;
      if (unit < 0x20 || unit === BACKSLASH) return refuse(cursor);
      all |= unit;
    }
    if (at >= end) return refuse(cursor);
    cursor.at = at + 1;
    const read = all < 0x80 ? readAscii[at - start] : undefined;
    const value = read === undefined ? readUtf8(bytes, start, at) : read(bytes, start);
    return value ?? refuse(cursor);
  }
}

function literal(bytes: Uint8Array, at: number, cursor: Cursor): boolean | null | undefined {
  for (const [text, value] of LITERALS) {
    if (!text.every((byte, index) => bytes[at + index] === byte)) continue;
    cursor.at = at + text.length;
    return value;
  }
  return refuse(cursor);
}

function number(bytes: Uint8Array, start: number, end: number, cursor: Cursor): number | undefined {
  const isNegative = bytes[start] === MINUS;
  const first = isNegative ? start + 1 : start;
  let at = first;
  let mantissa = 0;
  for (let digit = digitAt(bytes, at); digit < 10 && at < end; digit = digitAt(bytes, ++at)) {
    mantissa = (10 * mantissa + digit) | 0; // rubbish beyond the quick digits
  }
  let digits = at - first;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return refuse(cursor);
  let decimals = 0;
  if (bytes[at] === POINT) {
    const point = at++;
    for (let digit = digitAt(bytes, at); digit < 10 && at < end; digit = digitAt(bytes, ++at)) {
      mantissa = (10 * mantissa + digit) | 0; // rubbish beyond the quick digits
    }
    decimals = at - point - 1;
    if (decimals === 0) return refuse(cursor);
    digits += decimals;
  }
  const next = (bytes[at] as number) | 0x20;
  if (
    digits > MOST_DIGITS ||
    next === 0x65 ||
    (isNegative && mantissa === 0 && digits <= QUICK_DIGITS)
  )
    return refuse(cursor);
  cursor.at = at;
  if (digits > QUICK_DIGITS) return Number(readKnownAscii(bytes, start, at));
  const value = decimals > 0 ? mantissa / (POWERS[decimals] as number) : mantissa;
  return isNegative ? -value : value;
}

/** The value of a digit; something above 9 where there is none. */
function digitAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - ZERO) >>> 0;
}

function refuse(cursor: Cursor): undefined {
  cursor.at = -1;
  return undefined;
}
