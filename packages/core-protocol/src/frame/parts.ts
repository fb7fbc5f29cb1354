import type { ByteWriter } from '../bytes/byte-writer.ts';
import { FRAME } from './frame-types.ts';
import { beginFrame, endFrame } from './write-frame.ts';

/** How much of a message one frame carries, so that 64 KiB and what goes with them are in one: a larger message is cut. */
export const PART_BYTES = 66_560;

/** A part's length and type. */
export const MOST_HEADER_BYTES = 4;

/** Whether a whole frame, header included, is too large to travel in one piece. */
export function isLarge(frameBytes: number): boolean {
  return frameBytes > PART_BYTES && frameBytes - lengthBytesOf(frameBytes) > PART_BYTES;
}

/**
 * Cuts a whole message frame into PART frames and a PART_END, and calls back when each of them is the writer's item.
 * @see docs/protocol.md §5.3
 */
export function writeParts(writer: ByteWriter, frame: Uint8Array, onPart: () => void): void {
  const body = frame.subarray(lengthBytesOf(frame.length));
  for (let at = 0; at < body.length; at += PART_BYTES) {
    const isLast = at + PART_BYTES >= body.length;
    beginFrame(writer, isLast ? FRAME.PART_END : FRAME.PART);
    writer.raw(body.subarray(at, at + PART_BYTES));
    endFrame(writer);
    onPart();
  }
}

/** The most bytes that a message takes on the wire, whole or in parts, whose whole frame has this size. */
export function mostWireBytes(frameBytes: number): number {
  const parts = isLarge(frameBytes) ? Math.ceil(frameBytes / PART_BYTES) : 0;
  return frameBytes + parts * MOST_HEADER_BYTES;
}

/** How many bytes the length of a frame of this size takes. */
function lengthBytesOf(frameBytes: number): number {
  let lengthBytes = 1;
  while (frameBytes - lengthBytes >= 0x80 ** lengthBytes) lengthBytes++;
  return lengthBytes;
}
