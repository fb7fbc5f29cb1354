import { cleanText } from '../beacon/clean-text.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { FRAME } from '../frame/frame-types.ts';
import { beginFrame, endFrame } from '../frame/write-frame.ts';

/** The longest reason that CLOSE carries, in bytes of UTF-8. */
export const MAX_REASON_BYTES = 123;

/** What has come, and how much more may: running totals since the session began. @see docs/protocol.md §6.2 */
export interface AckFrame {
  /** Messages that have been received. */
  readonly received: number;
  /** Messages that may be sent in all. */
  readonly grantedMessages: number;
  /** Bytes of message frames that may be sent in all. */
  readonly grantedBytes: number;
}

/**
 * The first message-layer frame of every connection of a session, each way: on the first connection `received` is 0, on
 * a later one it says where the other side is to go on.
 * @see docs/protocol.md §6.1
 */
export interface OpenFrame extends AckFrame {
  /** The largest message that the sender of this frame takes, as one frame. */
  readonly maxMessageBytes: number;
  /** The message types of the sender of this frame. */
  readonly catalog: Uint8Array;
}

/** The goodbye. @see docs/protocol.md §6.4 */
export interface CloseFrame {
  /** 0 for a goodbye in order, 1 for a fault of the receiver of this frame. */
  readonly code: number;
  readonly reason: string;
}

/** Writes an OPEN frame. */
export function writeOpen(writer: ByteWriter, open: OpenFrame): void {
  beginFrame(writer, FRAME.OPEN);
  writer.varint(open.received);
  writer.varint(open.grantedMessages);
  writer.varint(open.grantedBytes);
  writer.varint(open.maxMessageBytes);
  writer.varint(open.catalog.length);
  writer.raw(open.catalog);
  endFrame(writer);
}

/** Reads an OPEN frame's payload; bytes after the catalog are a later version's and skipped. */
export function readOpen(bytes: Uint8Array, start: number, end: number): OpenFrame | undefined {
  const reader = new ByteReader(bytes, start, end);
  const open = {
    received: reader.varint(),
    grantedMessages: reader.varint(),
    grantedBytes: reader.varint(),
    maxMessageBytes: reader.varint(),
    catalog: reader.raw(reader.varint()),
  };
  return reader.ok && open.maxMessageBytes > 0 ? open : undefined;
}

/** Writes a PING or PONG frame. */
export function writeEcho(writer: ByteWriter, type: number, token: number): void {
  beginFrame(writer, type);
  writer.varint(token);
  endFrame(writer);
}

/** Reads the token of a PING or PONG frame's payload. */
export function readEcho(bytes: Uint8Array, start: number, end: number): number | undefined {
  const reader = new ByteReader(bytes, start, end);
  const token = reader.varint();
  return reader.finished() ? token : undefined;
}

/** Writes an ACK frame. */
export function writeAck(writer: ByteWriter, ack: AckFrame): void {
  beginFrame(writer, FRAME.ACK);
  writer.varint(ack.received);
  writer.varint(ack.grantedMessages);
  writer.varint(ack.grantedBytes);
  endFrame(writer);
}

/** Reads an ACK frame's payload. */
export function readAck(bytes: Uint8Array, start: number, end: number): AckFrame | undefined {
  const reader = new ByteReader(bytes, start, end);
  const ack = {
    received: reader.varint(),
    grantedMessages: reader.varint(),
    grantedBytes: reader.varint(),
  };
  return reader.finished() ? ack : undefined;
}

/** Writes a CLOSE frame; a reason longer than {@link MAX_REASON_BYTES} is cut between two characters. */
export function writeClose(writer: ByteWriter, close: CloseFrame): void {
  beginFrame(writer, FRAME.CLOSE);
  writer.u8(close.code);
  writer.utf8(cutText(close.reason));
  endFrame(writer);
}

/** Reads a CLOSE frame's payload; the reason is cleaned, because it is shown to people. */
export function readClose(bytes: Uint8Array, start: number, end: number): CloseFrame | undefined {
  const reader = new ByteReader(bytes, start, end);
  const code = reader.u8();
  const reason = cleanText(reader.utf8(MAX_REASON_BYTES), MAX_REASON_BYTES);
  return reader.finished() ? { code, reason } : undefined;
}

function cutText(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_REASON_BYTES) return text;
  let end = MAX_REASON_BYTES;
  while (((bytes[end] as number) & 0xc0) === 0x80) end--; // not inside a character
  return bytes.toString('utf8', 0, end);
}
