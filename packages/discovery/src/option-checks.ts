import {
  CableCarError,
  cleanText,
  encodeBeacon,
  MAX_NAME_LENGTH,
  MAX_SERVICE_BYTES,
  serviceHash,
  WIRES,
  type InterfaceSelection,
  type Metadata,
  type WireName,
} from '@cablecar/core-protocol';

/** What a whole number may be. */
export interface WholeRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The number, if it is a whole one in the range.
 * @throws {CableCarError} ERR_OPTION
 */
export function wholeNumber(field: string, value: unknown, { low, high }: WholeRange): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) {
    return value;
  }
  throw optionError(field, value, `a whole number from ${low} to ${high}`);
}

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

/**
 * The metadata, if a beacon has room for it beside the name.
 * @throws {CableCarError} ERR_OPTION
 */
export function checkedMetadata(metadata: Metadata, name: string): Metadata {
  const [id, epoch] = ['0'.repeat(32), '0'.repeat(16)];
  encodeBeacon({ kind: 'probe', serviceHash: serviceHash(''), id, epoch, port: 0, name, metadata });
  return metadata;
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

/** An ERR_OPTION that names field, value and range. */
export function optionError(field: string, value: unknown, expected: string): CableCarError {
  return new CableCarError('ERR_OPTION', `${field} is ${String(value)}, expected ${expected}`);
}
