import { CableCarError } from '../errors/cablecar-error.ts';
import { parsePythonJson } from './python-json-reader.ts';

/** A JSON message of the classic wire: the name of its class, and its attributes in the order in which they came. */
export interface ClassicLine {
  readonly name: string;
  readonly attributes: Record<string, unknown>;
}

const NOT_ASCII = /[\x80-\xff]/;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the line from `start` to `end`, without its newline: `["name",{attributes}]`.
 * @throws {CableCarError} ERR_MESSAGE_DECODE for anything else; the next line is none the worse for it
 * @see docs/protocol.md §9.2
 */
export function readClassicLine(bytes: Buffer, start: number, end: number): ClassicLine {
  let value: unknown;
  try {
    value = parsePythonJson(textOf(bytes, start, end));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CableCarError(
      'ERR_MESSAGE_DECODE',
      `the peer sent a line that is not JSON (${why}), expected ["name",{attributes}]`,
      { cause },
    );
  }
  if (Array.isArray(value) && value.length === 2) {
    const [name, attributes] = value as [unknown, unknown];
    if (typeof name === 'string' && isObject(attributes)) return { name, attributes };
  }
  throw new CableCarError(
    'ERR_MESSAGE_DECODE',
    'the peer sent a line of JSON that is not a message, expected ["name",{attributes}]',
  );
}

function textOf(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('latin1', start, end);
  // Python sends ASCII alone, which latin1 reads fastest. UTF-8 is read as well, but bytes that are not it are no text.
  return NOT_ASCII.test(text) ? UTF8.decode(bytes.subarray(start, end)) : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
