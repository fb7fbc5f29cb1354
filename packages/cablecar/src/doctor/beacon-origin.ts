import {
  CableCarError,
  decodeBeacon,
  MAGIC,
  PROTOCOL_VERSION,
  serviceHash,
  type Beacon,
} from '@cablecar/core-protocol';
import { isSealed } from '@cablecar/discovery';
import type { ProgramEvidence } from './evidence.ts';

/** The service that doctors announce themselves in. */
export const DOCTOR_SERVICE = 'cablecar-doctor';
const DOCTOR_HASH = serviceHash(DOCTOR_SERVICE);

/** Whose beacon a datagram is. */
export type BeaconOrigin =
  | { readonly kind: 'doctor' | 'ours' | 'other-service'; readonly beacon: Beacon }
  | { readonly kind: 'other-version'; readonly version: number }
  /** A program with a secret; more cannot be read. */
  | { readonly kind: 'sealed' };

/** Whose beacon a datagram is, of whatever version or service; undefined when it is none. */
export function beaconOrigin(bytes: Uint8Array, service: string): BeaconOrigin | undefined {
  if (bytes.length < 5) return undefined;
  if (isSealed(bytes)) return { kind: 'sealed' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== MAGIC) return undefined;
  const version = view.getUint8(4);
  if (version !== PROTOCOL_VERSION) return { kind: 'other-version', version };
  const beacon = decodeBeacon(bytes);
  if (beacon === undefined || CableCarError.is(beacon)) return undefined;
  if (beacon.serviceHash === DOCTOR_HASH) return { kind: 'doctor', beacon };
  const isOurs = beacon.serviceHash === serviceHash(service);
  return { kind: isOurs ? 'ours' : 'other-service', beacon };
}

/** The program at a host whose beacon it is. */
export function programAt(host: string, origin: BeaconOrigin, wasSealed: boolean): ProgramEvidence {
  const { kind } = origin;
  const unknown = { id: '', name: '', port: undefined, version: PROTOCOL_VERSION, serviceHash: '' };
  const where = { host, kind, isSealed: wasSealed };
  if (origin.kind === 'sealed') return { ...unknown, ...where };
  if (origin.kind === 'other-version') return { ...unknown, ...where, version: origin.version };
  const { id, name = '', port, serviceHash: service } = origin.beacon;
  return { id, name, port, version: PROTOCOL_VERSION, serviceHash: service, ...where };
}
