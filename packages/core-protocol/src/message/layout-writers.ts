import type { ByteWriter } from '../bytes/byte-writer.ts';
import { isWellFormed, writeUtf8 } from './utf8.ts';

/** Texts up to this length are written by a loop as long as they are ASCII; the native call pays beyond. */
export const SHORT_TEXT = 24;

/** Writes length and text at `at` and gives where they end; -1, and rubbish written, where it is not all ASCII. */
export function putAscii(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  bytes[at] = length;
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return -1;
    bytes[at + 1 + index] = unit;
  }
  return at + 1 + length;
}

/** Writes length and text at `at` and gives where they end; -1 where the text is not well-formed. */
export function putText(writer: ByteWriter, at: number, text: string): number {
  if (!isWellFormed(text)) return -1;
  writer.length = at;
  writer.varint(Buffer.byteLength(text));
  writeUtf8(writer, text);
  return writer.length;
}

/** Writes length and bytes at `at` and gives where they end. */
export function putBytes(writer: ByteWriter, at: number, bytes: Uint8Array): number {
  writer.length = at;
  writer.varint(bytes.length);
  writer.raw(bytes);
  return writer.length;
}
