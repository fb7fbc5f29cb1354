import type { ByteWriter } from '../bytes/byte-writer.ts';

/** Begins a frame as the writer's item; write the payload, then call {@link endFrame}. */
export function beginFrame(writer: ByteWriter, type: number): void {
  writer.begin();
  writer.reserve(3);
  writer.length += 1; // the length of most frames is one byte; endFrame() makes room for more
  if (type < 0x80) {
    writer.bytes[writer.length++] = type;
  } else {
    writer.bytes[writer.length++] = (type & 0x7f) | 0x80;
    writer.bytes[writer.length++] = type >> 7;
  }
}

/**
 * Writes the length before the frame begun last, and returns the frame's size in bytes, header included.
 * @see docs/protocol.md §5.1
 */
export function endFrame(writer: ByteWriter): number {
  const length = writer.length - writer.start - 1;
  if (length < 0x80) {
    writer.bytes[writer.start] = length;
    return length + 1;
  }
  const extra = length < 0x4000 ? 1 : length < 0x20_0000 ? 2 : 3;
  writer.reserve(extra);
  const { bytes, start } = writer;
  bytes.copyWithin(start + 1 + extra, start + 1, writer.length);
  writer.length += extra;
  let rest = length;
  for (let at = start; at < start + extra; at++) {
    bytes[at] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[start + extra] = rest;
  return length + 1 + extra;
}

/** Writes a whole frame. */
export function writeFrame(writer: ByteWriter, type: number, payload: Uint8Array): number {
  beginFrame(writer, type);
  writer.raw(payload);
  return endFrame(writer);
}
