import { CableCarError } from '../errors/cablecar-error.ts';
import type { Metadata } from '../identity/peer.ts';

/** Keys that could reach a prototype if somebody copied the object carelessly. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Metadata as JSON text.
 * @throws {CableCarError} ERR_OPTION when it is no plain object, or JSON would change or refuse it
 */
export function encodeMetadata(metadata: Metadata): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(metadata);
  } catch (cause) {
    throw new CableCarError('ERR_OPTION', 'metadata was no JSON, expected JSON values', { cause });
  }
  if (text !== undefined && decodeMetadata(text) !== undefined) return text;
  throw new CableCarError(
    'ERR_OPTION',
    `metadata was ${text ?? typeof metadata}, expected an object without __proto__, constructor or prototype as keys`,
  );
}

/** Metadata from a stranger's JSON text; undefined unless it is an object with harmless keys at every depth. */
export function decodeMetadata(text: string): Metadata | undefined {
  let harmless = true;
  try {
    const value: unknown = JSON.parse(text, (key, inner: unknown) => {
      if (FORBIDDEN_KEYS.has(key)) harmless = false;
      return inner;
    });
    if (!harmless || typeof value !== 'object' || value === null || Array.isArray(value)) return;
    return value as Metadata;
  } catch {
    return undefined;
  }
}
