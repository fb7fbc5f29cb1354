import {
  CableCarError,
  cleanText,
  encodeBeacon,
  MAX_BEACON_BYTES,
  MAX_NAME_LENGTH,
  MAX_SERVICE_BYTES,
  optionError,
  serviceHash,
  WIRES,
  type InterfaceSelection,
  type Metadata,
  type WireName,
} from '@cablecar/core-protocol';
import { SEAL_BYTES } from './security/sealed-beacons.ts';

/**
 * The wire, if it is one, and can show the metadata.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedWire(value: unknown, metadata: Metadata): WireName {
  const wire = WIRES.find((name) => name === value);
  if (wire === undefined) throw optionError('wire', value, `one of ${WIRES.join(', ')}`);
  const isShown = wire === 'native' || Object.keys(metadata).length === 0;
  if (isShown) return wire;
  throw optionError('metadata', JSON.stringify(metadata), `none on the ${wire} wire`);
}

/**
 * The service, if it is one.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedService(value: unknown): string {
  const isFit =
    typeof value === 'string' &&
    value !== '' &&
    !/\p{Cs}/u.test(value) &&
    Buffer.byteLength(value) <= MAX_SERVICE_BYTES;
  if (isFit) return value;
  throw optionError('service', value, `text of 1 to ${MAX_SERVICE_BYTES} bytes`);
}

/**
 * The name, if it is one that others will show unchanged.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedName(value: unknown): string {
  const isFit = typeof value === 'string' && value !== '';
  const normal = isFit ? value.normalize('NFC').trim() : '';
  if (normal !== '' && cleanText(normal, MAX_NAME_LENGTH) === normal) return normal;
  const expected = `1 to ${MAX_NAME_LENGTH} characters without control or direction characters`;
  throw optionError('name', isFit ? JSON.stringify(value) : value, expected);
}

/** What metadata has to share a beacon with. */
export interface BesideMetadata {
  readonly name: string;
  readonly secret: string | undefined;
}

/**
 * The metadata, if a beacon has room for it beside the name, and beside what sealing it takes where there is a secret.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedMetadata(metadata: Metadata, { name, secret }: BesideMetadata): Metadata {
  const [id, epoch] = ['0'.repeat(32), '0'.repeat(16)];
  const beacon = { serviceHash: serviceHash(''), id, epoch, port: 0, name, metadata };
  const { length } = encodeBeacon({ kind: 'probe', ...beacon });
  const room = MAX_BEACON_BYTES - (secret === undefined ? 0 : SEAL_BYTES);
  if (length <= room) return metadata;
  throw new CableCarError(
    'ERR_OPTION',
    `name and metadata make a beacon of ${length} bytes, expected at most ${room} with a secret`,
  );
}

/**
 * The selection of interfaces, if it is one.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedInterfaces(value: unknown): InterfaceSelection {
  if (value === 'all' || value === 'loopback') return value;
  const isList =
    Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === 'string');
  if (isList) return value;
  throw optionError('interfaces', value, `'all', 'loopback' or names and addresses of interfaces`);
}

/**
 * The path of a file, if it is one where the wire has a use for it.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedPath(field: string, value: unknown, wire: WireName): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw optionError(field, value, 'a path');
  if (wire === 'native') return value;
  throw optionError(field, value, `none on the ${wire} wire`);
}
