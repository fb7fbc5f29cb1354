import type { ByteWriter } from '../bytes/byte-writer.ts';

const REPLACEMENT = '\ufffd';
/** Up to this length three bytes a character are set aside unseen; beyond it the exact number is found first. */
const UNMEASURED = 1024;

// Node's Buffer has them, its types do not: decoding and encoding without a subarray or an encoding's name.
interface NativeText {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
  utf8Write(text: string, at: number): number;
}
const native = Buffer.prototype as unknown as NativeText;

/** The text from `start` to `end`, or undefined where that is not UTF-8. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = native.utf8Slice.call(bytes, start, end);
  // What is not UTF-8 decodes to U+FFFD; only a text that has one needs a closer look.
  if (text.includes(REPLACEMENT) && !encodesTo(text, bytes.subarray(start, end))) return undefined;
  return text;
}

/** The text of bytes that are known to be ASCII. */
export function readKnownAscii(bytes: Uint8Array, start: number, end: number): string {
  return native.latin1Slice.call(bytes, start, end);
}

/** Appends UTF-8 without a length before it. The text must be well-formed. */
export function writeUtf8(writer: ByteWriter, text: string): void {
  writer.reserve(text.length <= UNMEASURED ? 3 * text.length : Buffer.byteLength(text));
  writer.length += native.utf8Write.call(writer.bytes, text, writer.length);
}

/** Whether a text has no lone surrogate, which UTF-8 cannot carry. */
export function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

function encodesTo(text: string, bytes: Uint8Array): boolean {
  return Buffer.from(text).equals(bytes);
}
