import { compile } from './compile.ts';

/** A longer text is read by the native call, which pays from there on. */
const LONGEST_ASCII = 24;
/** What four bytes of varint can say: more than any frame is long. */
const MAX_COUNT_BYTES = 4;

/** Reads so many bytes of text at `at`; undefined where they are not all ASCII. */
type AsciiReader = (bytes: Uint8Array, at: number) => string | undefined;

const scratch = new DataView(new ArrayBuffer(8));
let readers: readonly AsciiReader[] | undefined;

/** A reader for each length of a short text. Unrolled, they take a third of a loop's or the native call's time. */
export function asciiReaders(): readonly AsciiReader[] {
  readers ??= Array.from({ length: LONGEST_ASCII + 1 }, (_, length) => asciiReader(length));
  return readers;
}

/** Reads a varint of two bytes or more that is in its shortest form; -1 where it is not, or goes past `end`. */
export function readCount(bytes: Uint8Array, at: number, end: number): number {
  let count = 0;
  for (let index = 0; index < MAX_COUNT_BYTES && at + index < end; index++) {
    const byte = bytes[at + index] as number;
    count |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return byte === 0 ? -1 : count;
  }
  return -1;
}

export function readF32(bytes: Uint8Array, at: number): number {
  scratch.setInt32(0, wordAt(bytes, at));
  return scratch.getFloat32(0);
}

export function readF64(bytes: Uint8Array, at: number): number {
  scratch.setInt32(0, wordAt(bytes, at));
  scratch.setInt32(4, wordAt(bytes, at + 4));
  return scratch.getFloat64(0);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

function asciiReader(length: number): AsciiReader {
  if (length === 0) return () => '';
  const units = Array.from({ length }, (_, index) => `c${index}`);
  const reads = units.map((unit, index) => `${unit} = b[p + ${index}]`);
  const text = `String.fromCharCode(${units.join(', ')})`;
  return compile(
    {},
    `return (b, p) => {
    const ${reads.join(', ')};
    return (${units.join(' | ')}) < 0x80 ? ${text} : undefined;
  }`,
  ) as AsciiReader;
}
