import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import type { PeerId } from '../identity/peer.ts';
import type { Endpoint } from '../ports/endpoint.ts';
import {
  DATAGRAM_HEADER_BYTES,
  readDatagramHeader,
  writeDatagramHeader,
} from './datagram-header.ts';

/** The most endpoints that one datagram names. */
export const MAX_ACQUAINTANCES = 32;

/** Behind the four kinds of beacons. */
const KIND = 5;
const KIND_AT = 5;
/** The header and the number of endpoints. */
const LEAST_BYTES = DATAGRAM_HEADER_BYTES + 1;
const ENDPOINT_BYTES = 6;
const MALFORMED = new CableCarError(
  'ERR_BEACON',
  'a datagram of acquaintances had lengths that do not add up, expected whole endpoints',
);

/**
 * The datagram by which a program tells a peer where its other peers hear datagrams.
 * @see docs/protocol.md §2.7
 */
export interface Acquaintances {
  readonly serviceHash: string;
  /** Who tells. */
  readonly id: PeerId;
  readonly epoch: string;
  /** IPv4 addresses, with the UDP port that their beacons come from. */
  readonly endpoints: readonly Endpoint[];
}

/** Whether a datagram of ours is one of acquaintances, and no beacon. */
export function isAcquaintances(datagram: Uint8Array): boolean {
  return datagram[KIND_AT] === KIND;
}

/** Acquaintances as a datagram: the first {@link MAX_ACQUAINTANCES} endpoints. */
export function encodeAcquaintances(said: Acquaintances): Buffer {
  const endpoints = said.endpoints.slice(0, MAX_ACQUAINTANCES);
  const writer = new ByteWriter(LEAST_BYTES + endpoints.length * ENDPOINT_BYTES);
  writeDatagramHeader(writer, { ...said, code: KIND });
  writer.u8(endpoints.length);
  for (const { host, port } of endpoints) {
    for (const part of host.split('.')) writer.u8(Number(part));
    writer.u16(port);
  }
  return writer.copyItem();
}

/**
 * What a datagram of acquaintances says; undefined when it is another program's, ERR_BEACON when it is not well-formed.
 * Never throws.
 * @see docs/protocol.md §2.7
 */
export function decodeAcquaintances(
  datagram: Uint8Array,
): Acquaintances | CableCarError | undefined {
  const reader = new ByteReader(datagram);
  const header = readDatagramHeader(reader);
  if (header?.code !== KIND) return undefined;
  const { serviceHash, id, epoch } = header;
  const count = reader.u8();
  const isWhole = datagram.length === LEAST_BYTES + count * ENDPOINT_BYTES;
  if (!isWhole || count > MAX_ACQUAINTANCES) return MALFORMED;
  const endpoints = Array.from({ length: count }, () => {
    const host = reader.raw(4).join('.');
    return { host, port: reader.u16() };
  });
  return { serviceHash, id, epoch, endpoints };
}
