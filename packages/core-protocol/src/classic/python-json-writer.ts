import { MAX_CLASSIC_DEPTH, MAX_CLASSIC_DIGITS } from './classic-limits.ts';

const NEEDS_ESCAPE = /[^ !#-[\]-~]/;
const NOT_ASCII = /[\x7f-\uffff]/g;

/**
 * A value as Python's `json.dumps(value, separators=(',', ':'))` writes it: all in ASCII, numbers as Python's `repr`.
 *
 * Numbers keep their exact value. A number that is a whole number within ±(2^53-1) is written as an integer (`1`), any
 * other as a float (`0.1`, `1e+16`, `-0.0`, `NaN`, `-Infinity`), a bigint as an integer of any size up to 4300 digits.
 * Otherwise as `JSON.stringify`: `toJSON()` is honoured and undefined properties are left out, but what JSON has no form
 * for (functions, symbols, maps, sets, binary data, undefined in an array) is refused instead of being dropped.
 * @param depth how deep the value is in what it is a part of, from 1
 * @throws {TypeError} that says what cannot be written
 */
export function pythonJson(value: unknown, depth = 1): string {
  switch (typeof value) {
    case 'string':
      return quotePython(value);
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? `${value}` : float(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return integer(value);
    case 'object':
      return value === null ? 'null' : container(value, depth);
    default:
      throw new TypeError(`it is, or contains, ${typeof value}, expected a value that JSON has`);
  }
}

/** A string in double quotes; everything but printable ASCII is escaped, outside of the BMP as a surrogate pair. */
export function quotePython(text: string): string {
  if (!NEEDS_ESCAPE.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(NOT_ASCII, escape);
}

function container(value: object, depth: number): string {
  if (depth > MAX_CLASSIC_DEPTH) {
    throw new TypeError(`it is circular or nested more than ${MAX_CLASSIC_DEPTH} deep`);
  }
  if (value instanceof Map || value instanceof Set || isBinary(value)) {
    throw new TypeError(
      `it is, or contains, a ${value.constructor.name}, expected a value that JSON has`,
    );
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return pythonJson(value.toJSON(), depth + 1);
  }
  if (Array.isArray(value)) return array(value, depth);
  let text = '';
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${quotePython(key)}:${pythonJson(member, depth + 1)}`;
  }
  return `{${text}}`;
}

function array(values: readonly unknown[], depth: number): string {
  let text = '';
  for (let at = 0; at < values.length; at++) {
    text += `${at === 0 ? '' : ','}${pythonJson(values[at], depth + 1)}`;
  }
  return `[${text}]`;
}

/** Python's `repr` of a float. Both languages write the fewest digits that read back as the same number. */
function float(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(value);
  if (size === 0) return '-0.0';
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : `${value}`;
  const text = value.toExponential();
  const exponent = text.indexOf('e') + 2;
  return text.length - exponent < 2 ? `${text.slice(0, exponent)}0${text.slice(exponent)}` : text;
}

function integer(value: bigint): string {
  const text = value.toString();
  if (text.length > MAX_CLASSIC_DIGITS + (value < 0n ? 1 : 0)) {
    throw new TypeError(`it is, or contains, an integer of more than ${MAX_CLASSIC_DIGITS} digits`);
  }
  return text;
}

function isBinary(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function escape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
