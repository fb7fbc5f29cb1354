import { CableCarError } from '../errors/cablecar-error.ts';
import type { Metadata } from '../identity/peer.ts';
import {
  flawOfAttributes,
  isPlain,
  METADATA_JSON,
  NATIVE_JSON,
  sayFlaw,
} from '../message/json-rules.ts';

/**
 * Metadata as JSON text.
 * @throws {CableCarError} ERR_OPTION when it is no plain object, or has what JSON cannot carry unchanged
 */
export function encodeMetadata(metadata: Metadata): string {
  if (!isObject(metadata)) {
    const seen = metadata === null ? 'null' : typeof metadata;
    throw new CableCarError('ERR_OPTION', `metadata is ${seen}, expected a plain object`);
  }
  const flaw = flawOfAttributes(metadata, METADATA_JSON);
  if (flaw === undefined) return JSON.stringify(metadata);
  throw new CableCarError('ERR_OPTION', `metadata ${sayFlaw(flaw)}`);
}

/** Metadata from a stranger's JSON text; undefined unless it is an object without harmful keys. Never throws. */
export function decodeMetadata(text: string): Metadata | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    return flawOfAttributes(value, NATIVE_JSON) === undefined ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}
