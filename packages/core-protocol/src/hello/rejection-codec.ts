import { cleanText } from '../beacon/clean-text.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** Why a connection can be turned away; a code's number on the wire is its place here, counted from 1. */
export const REJECTION_CODES = [
  'ERR_HANDSHAKE',
  'ERR_VERSION_MISMATCH',
  'ERR_SERVICE_MISMATCH',
  'ERR_SELF',
  'ERR_DUPLICATE_LINK',
  'ERR_REFUSED',
  'ERR_LIMIT',
  'ERR_IDENTITY',
  'ERR_SECRET',
  'ERR_UNTRUSTED',
] as const;

/** Why a connection was turned away. */
export type RejectionCode = (typeof REJECTION_CODES)[number];

/**
 * The payload of REJECT.
 * @see docs/protocol.md §3.3
 */
export interface Rejection {
  readonly code: RejectionCode;
  /** A sentence for people, of at most 120 characters. */
  readonly reason: string;
}

const MAX_REASON_LENGTH = 120;

/** The payload of REJECT. */
export function encodeRejection({ code, reason }: Rejection): Buffer {
  const writer = new ByteWriter();
  writer.u8(REJECTION_CODES.indexOf(code) + 1);
  writer.utf8(cleanText(reason, MAX_REASON_LENGTH));
  return writer.copyItem();
}

/**
 * What a REJECT says. A code of a later version counts as ERR_REFUSED, and so does a payload that is malformed: turned
 * away is turned away. Never throws.
 */
export function decodeRejection(payload: Uint8Array): Rejection {
  const reader = new ByteReader(payload);
  const code = REJECTION_CODES[reader.u8() - 1] ?? 'ERR_REFUSED';
  const reason = reader.utf8(4 * MAX_REASON_LENGTH);
  return { code, reason: reader.ok ? cleanText(reason, MAX_REASON_LENGTH) : '' };
}
