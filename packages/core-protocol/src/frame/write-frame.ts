import type { ByteWriter } from '../bytes/byte-writer.ts';
import { varintBytes } from '../bytes/varint-bytes.ts';
import { MAX_LENGTH_BYTES, MAX_TYPE_BYTES } from './frame-types.ts';

/** Begins a frame as the writer's item; write the payload, then call {@link endFrame}. */
export function beginFrame(writer: ByteWriter, type: number): void {
  writer.begin();
  writer.reserve(MAX_LENGTH_BYTES + MAX_TYPE_BYTES);
  writer.length += writer.lengthBytes;
  if (type < 0x80) {
    writer.bytes[writer.length++] = type;
  } else {
    writer.bytes[writer.length++] = (type & 0x7f) | 0x80;
    writer.bytes[writer.length++] = type >> 7;
  }
}

/**
 * Writes the length before the frame begun last, and returns the frame's size in bytes, header included. Room was left
 * for a length like that of the frame before: where it is of another size, the payload moves.
 * @see docs/protocol.md §5.1
 */
export function endFrame(writer: ByteWriter): number {
  const length = writer.length - writer.start - writer.lengthBytes;
  const lengthBytes = varintBytes(length);
  if (lengthBytes !== writer.lengthBytes) makeRoom(writer, lengthBytes);
  const { bytes, start } = writer;
  const last = start + lengthBytes - 1;
  let rest = length;
  for (let at = start; at < last; at++) {
    bytes[at] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[last] = rest;
  return lengthBytes + length;
}

function makeRoom(writer: ByteWriter, lengthBytes: number): void {
  const more = lengthBytes - writer.lengthBytes;
  if (more > 0) writer.reserve(more);
  const { bytes, start } = writer;
  bytes.copyWithin(start + lengthBytes, start + writer.lengthBytes, writer.length);
  writer.length += more;
  writer.lengthBytes = lengthBytes;
}

/** Writes a whole frame. */
export function writeFrame(writer: ByteWriter, type: number, payload: Uint8Array): number {
  beginFrame(writer, type);
  writer.raw(payload);
  return endFrame(writer);
}
