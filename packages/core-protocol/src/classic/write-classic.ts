import type { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { CLASSIC_HEADER_BYTES, MAX_CLASSIC_PAYLOAD } from './classic-limits.ts';
import { pythonJson, quotePython } from './python-json-writer.ts';

/**
 * Attributes that would overwrite what Python's message object is made of, so that setting or sending it again fails
 * there. No Python program has messages with them.
 */
const RESERVED: ReadonlySet<string> = new Set([
  '__class__',
  '__dict__',
  '__weakref__',
  'encoded',
  'encoded_attributes',
  'terminator',
]);

/** The depth of an attribute's value: the line is an array that has an object. */
const LINE_DEPTH = 3;

/**
 * Writes `["name",{attributes}]` and a newline as the writer's item, byte for byte as Python does, and returns its size.
 * Attributes that are undefined are left out.
 * @throws {CableCarError} ERR_MESSAGE_ENCODE, which names the attribute; nothing is then written
 * @see docs/protocol.md §9.2
 */
export function writeClassicLine(writer: ByteWriter, name: string, attributes: object): number {
  let line = `[${quotePython(name)},{`;
  let separator = '';
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    line += `${separator}${quotePython(key)}:${attributeJson(name, key, value)}`;
    separator = ',';
  }
  line += '}]\n';
  writer.begin();
  writer.reserve(line.length);
  writer.length += writer.bytes.write(line, writer.length, 'latin1'); // ASCII by now
  return line.length;
}

/**
 * Writes a byte frame (length, code, payload) as the writer's item and returns its size.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION for a code outside 0 to 255, ERR_MESSAGE_TOO_LARGE for a payload of
 * more than 253 bytes
 * @see docs/protocol.md §9.3
 */
export function writeClassicFrame(writer: ByteWriter, code: number, payload: Uint8Array): number {
  if (!Number.isInteger(code) || code < 0 || code > 0xff) {
    throw new CableCarError(
      'ERR_MESSAGE_DEFINITION',
      `a message has the code ${code}, expected a whole number from 0 to 255`,
    );
  }
  if (payload.length > MAX_CLASSIC_PAYLOAD) {
    throw new CableCarError(
      'ERR_MESSAGE_TOO_LARGE',
      `the message of code ${code} has ${payload.length} bytes, expected at most ${MAX_CLASSIC_PAYLOAD} on the classic-byte wire`,
    );
  }
  const size = payload.length + CLASSIC_HEADER_BYTES;
  writer.begin();
  writer.u8(size);
  writer.u8(code);
  writer.raw(payload);
  return size;
}

function attributeJson(name: string, key: string, value: unknown): string {
  if (RESERVED.has(key)) {
    throw new CableCarError(
      'ERR_MESSAGE_ENCODE',
      `'${key}' of '${name}' would overwrite a part of Python's message object, expected another name`,
    );
  }
  try {
    return pythonJson(value, LINE_DEPTH);
  } catch (cause) {
    throw new CableCarError(
      'ERR_MESSAGE_ENCODE',
      `'${key}' of '${name}' cannot travel as JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
