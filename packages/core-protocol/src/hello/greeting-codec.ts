import { MAGIC, PROTOCOL_VERSION } from '../beacon/beacon.ts';
import { cleanName } from '../beacon/clean-text.ts';
import { decodeMetadata, encodeMetadata } from '../beacon/metadata-text.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { MAX_GREETING_BYTES, MAX_SERVICE_BYTES, type Greeting } from './greeting.ts';

/** More rounds than any two programs come to; it leaves room to count on. */
const MAX_ROUND = 0x7fff_ffff;

/**
 * The payload of HELLO or WELCOME.
 * @throws {CableCarError} ERR_OPTION when the metadata cannot travel
 * @see docs/protocol.md §3.2
 */
export function encodeGreeting(greeting: Greeting): Buffer {
  const writer = new ByteWriter(MAX_GREETING_BYTES);
  writer.u32(MAGIC);
  writer.u8(PROTOCOL_VERSION);
  writer.u8(PROTOCOL_VERSION);
  writer.raw(Buffer.from(greeting.id, 'hex'));
  writer.raw(Buffer.from(greeting.epoch, 'hex'));
  writer.u32(greeting.round);
  writer.u32(greeting.link);
  writer.utf8(greeting.service);
  writer.utf8(greeting.name);
  writer.utf8(encodeMetadata(greeting.metadata));
  writer.varint(0); // the extension area, empty in this version
  return writer.copyItem();
}

/**
 * The greeting in a payload, or what is wrong with it: ERR_VERSION_MISMATCH when its versions are others, else
 * ERR_HANDSHAKE. Never throws. The name is cleaned; extensions are skipped.
 * @see docs/protocol.md §3.2
 */
export function decodeGreeting(payload: Uint8Array): Greeting | CableCarError {
  const reader = new ByteReader(payload);
  if (reader.u32() !== MAGIC) return malformed('without the magic number');
  const lowest = reader.u8();
  const highest = reader.u8();
  if (!reader.ok || lowest > highest) return malformed('without a range of versions');
  if (lowest > PROTOCOL_VERSION || highest < PROTOCOL_VERSION) return otherVersion(lowest, highest);
  const id = reader.raw(16).toString('hex');
  const epoch = reader.raw(8).toString('hex');
  const round = reader.u32();
  const link = reader.u32();
  const service = reader.utf8(MAX_SERVICE_BYTES);
  const name = reader.utf8(MAX_GREETING_BYTES);
  const metadata = decodeMetadata(reader.utf8(MAX_GREETING_BYTES));
  reader.raw(reader.varint());
  if (!reader.finished()) return malformed('whose lengths do not add up');
  if (metadata === undefined) return malformed('whose metadata is no object');
  if (round > MAX_ROUND) return malformed(`of round ${round}`);
  return { service, id, epoch, round, link, name: cleanName(name, id), metadata };
}

function malformed(seen: string): CableCarError {
  const sentence = `the other program sent a greeting ${seen}, expected a well-formed one`;
  return new CableCarError('ERR_HANDSHAKE', sentence);
}

function otherVersion(lowest: number, highest: number): CableCarError {
  return new CableCarError(
    'ERR_VERSION_MISMATCH',
    `the other program speaks versions ${lowest} to ${highest}, expected ${PROTOCOL_VERSION}`,
  );
}
