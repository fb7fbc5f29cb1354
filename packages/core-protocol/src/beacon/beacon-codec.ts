import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { MAX_BEACON_BYTES, type Beacon, type BeaconKind } from './beacon.ts';
import { BEACON_ROADS, type BeaconRoad } from './beacon-road.ts';
import { cleanName } from './clean-text.ts';
import { readDatagramHeader, writeDatagramHeader } from './datagram-header.ts';
import { decodeMetadata, encodeMetadata } from './metadata-text.ts';

const KINDS: readonly BeaconKind[] = ['announce', 'probe', 'answer', 'goodbye'];
/** Magic, version, kind, service hash, id, epoch, port, and the lengths of name and metadata. */
const MIN_BEACON_BYTES = 42;

// Made once: a flood of malformed beacons is not to be answered with as many stack traces.
const MALFORMED = {
  size: malformed(`fewer than ${MIN_BEACON_BYTES} or more than ${MAX_BEACON_BYTES} bytes`),
  lengths: malformed('lengths that do not add up'),
  kind: malformed('an unknown kind or road'),
  metadata: malformed('metadata that is no object'),
};

/** A beacon to be sent, by a broadcast where no road is named. */
export type BeaconToSend = Omit<Beacon, 'road'> & { readonly road?: BeaconRoad };

/**
 * A beacon as a datagram.
 * @throws {CableCarError} ERR_OPTION when name and metadata make it longer than 512 bytes
 * @see docs/protocol.md §2.1
 */
export function encodeBeacon(beacon: BeaconToSend): Buffer {
  const { road = 'broadcast' } = beacon;
  const writer = new ByteWriter(MAX_BEACON_BYTES);
  const code = (BEACON_ROADS.indexOf(road) << 4) | (KINDS.indexOf(beacon.kind) + 1);
  writeDatagramHeader(writer, { ...beacon, code });
  writer.u16(beacon.port);
  writer.utf8(beacon.name ?? '');
  writer.utf8(beacon.metadata === undefined ? '' : encodeMetadata(beacon.metadata));
  const bytes = writer.copyItem();
  if (bytes.length <= MAX_BEACON_BYTES) return bytes;
  throw new CableCarError(
    'ERR_OPTION',
    `name and metadata make a beacon of ${bytes.length} bytes, expected at most ${MAX_BEACON_BYTES}`,
  );
}

/**
 * What a datagram says: a beacon; undefined when it is another program's or of another version; ERR_BEACON when it
 * claims to be a beacon and is not well-formed. Never throws. Names are cleaned.
 * @see docs/protocol.md §2.1
 */
export function decodeBeacon(datagram: Uint8Array): Beacon | CableCarError | undefined {
  const reader = new ByteReader(datagram);
  const header = readDatagramHeader(reader);
  if (header === undefined) return undefined;
  const { length } = datagram;
  if (length < MIN_BEACON_BYTES || length > MAX_BEACON_BYTES) return MALFORMED.size;
  const { code, serviceHash, id, epoch } = header;
  const kind = KINDS[(code & 0x0f) - 1];
  const road = BEACON_ROADS[code >> 4];
  const port = reader.u16();
  const name = reader.utf8(MAX_BEACON_BYTES);
  const metadataText = reader.utf8(MAX_BEACON_BYTES);
  if (!reader.finished()) return MALFORMED.lengths;
  if (kind === undefined || road === undefined) return MALFORMED.kind;
  const metadata = metadataText === '' ? undefined : decodeMetadata(metadataText);
  if (metadata === undefined && metadataText !== '') return MALFORMED.metadata;
  return {
    kind,
    road,
    serviceHash,
    id,
    epoch,
    port,
    name: name === '' ? undefined : cleanName(name, id),
    metadata,
  };
}

function malformed(seen: string): CableCarError {
  return new CableCarError('ERR_BEACON', `a datagram had ${seen}, expected a beacon`);
}
