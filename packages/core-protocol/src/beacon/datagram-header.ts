import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { PeerId } from '../identity/peer.ts';
import { MAGIC, PROTOCOL_VERSION } from './beacon.ts';

/** Magic, version, kind, service hash, id and epoch. */
export const DATAGRAM_HEADER_BYTES = 38;

/** How every datagram that is not sealed begins. @see docs/protocol.md §2.1 */
export interface DatagramHeader {
  /** What it is. */
  readonly code: number;
  readonly serviceHash: string;
  readonly id: PeerId;
  readonly epoch: string;
}

/** Appends a header. */
export function writeDatagramHeader(writer: ByteWriter, header: DatagramHeader): void {
  writer.u32(MAGIC);
  writer.u8(PROTOCOL_VERSION);
  writer.u8(header.code);
  writer.raw(Buffer.from(header.serviceHash, 'hex'));
  writer.raw(Buffer.from(header.id, 'hex'));
  writer.raw(Buffer.from(header.epoch, 'hex'));
}

/** Reads a header; undefined where the datagram is another program's, or of another version. */
export function readDatagramHeader(reader: ByteReader): DatagramHeader | undefined {
  if (reader.u32() !== MAGIC || reader.u8() !== PROTOCOL_VERSION) return undefined;
  const code = reader.u8();
  const serviceHash = reader.raw(8).toString('hex');
  const id = reader.raw(16).toString('hex');
  const epoch = reader.raw(8).toString('hex');
  return { code, serviceHash, id, epoch };
}
