import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { labelOf } from './definition.ts';
import { MAX_TYPES, type MessageRegistry, type MessageType } from './message-registry.ts';
import { flawOfName, MAX_NAME_BYTES } from './name-rule.ts';

const JSON_KIND = 0;
const BYTE_KIND = 1;
/** How many differences are told one by one: a stranger's catalog must not become a flood of warnings. */
const MAX_PROBLEMS = 16;

/** What two ends have in common. */
export interface CatalogMatch {
  /** The type here for each type of the sender of the catalog, by its index there; undefined where there is none. */
  readonly decoders: readonly (MessageType | undefined)[];
  /** Types that only one end knows (ERR_MESSAGE_UNKNOWN) or that differ (ERR_MESSAGE_MISMATCH), each named. */
  readonly problems: readonly CableCarError[];
}

/** What a catalog says of one type. */
interface CatalogEntry {
  readonly name: string | undefined;
  readonly code: number | undefined;
  readonly fingerprint: number;
}

/** What was encoded once serves all peers. */
const catalogs = new WeakMap<MessageRegistry, Uint8Array>();

/**
 * A registry's types as a peer is told of them: a varint of their count, then for each its kind (one byte, 0 JSON or
 * 1 bytes), its name (a varint of its length in bytes, and UTF-8) or code (one byte), and its fingerprint (u32).
 * @see docs/protocol.md §7.6
 */
export function encodeCatalog(registry: MessageRegistry): Uint8Array {
  const known = catalogs.get(registry);
  if (known !== undefined) return known;
  const writer = new ByteWriter();
  writer.varint(registry.types.length);
  for (const { kind, name = '', code = 0, fingerprint } of registry.types) {
    writer.u8(kind === 'json' ? JSON_KIND : BYTE_KIND);
    if (kind === 'json') writer.utf8(name);
    else writer.u8(code);
    writer.u32(fingerprint);
  }
  const catalog = writer.copyItem();
  catalogs.set(registry, catalog);
  return catalog;
}

/**
 * Compares a peer's catalog with a registry. Bytes that are not a catalog give ERR_FRAME; never throws.
 * At most 16 problems are told one by one, then how many more there are.
 * @see docs/protocol.md §7.6
 */
export function matchCatalog(
  registry: MessageRegistry,
  bytes: Uint8Array,
): CatalogMatch | CableCarError {
  const entries = readCatalog(bytes);
  if (entries === undefined)
    return new CableCarError(
      'ERR_FRAME',
      `${bytes.length} bytes came, expected a catalog of message types`,
    );
  const problems: CableCarError[] = [];
  const known = new Set<MessageType>();
  const decoders = entries.map((entry) => {
    const type = counterpart(registry, entry);
    if (type === undefined) {
      problems.push(unknownHere(entry));
      return undefined;
    }
    known.add(type);
    if (type.fingerprint === entry.fingerprint) return type;
    problems.push(mismatch(type));
    return undefined;
  });
  for (const type of registry.types) if (!known.has(type)) problems.push(unknownThere(type));
  return { decoders, problems: bounded(problems) };
}

/** A peer's catalog, or undefined where the bytes are not one. */
function readCatalog(bytes: Uint8Array): readonly CatalogEntry[] | undefined {
  const reader = new ByteReader(bytes);
  const count = reader.varint();
  if (count > MAX_TYPES) return undefined;
  const entries: CatalogEntry[] = [];
  const labels = new Set<string>();
  while (reader.ok && entries.length < count) {
    const kind = reader.u8();
    if (kind !== JSON_KIND && kind !== BYTE_KIND) return undefined;
    const name = kind === JSON_KIND ? reader.utf8(MAX_NAME_BYTES) : undefined;
    const code = kind === BYTE_KIND ? reader.u8() : undefined;
    if (name !== undefined && flawOfName(name) !== undefined) return undefined;
    labels.add(`${kind} ${name ?? code}`);
    entries.push({ name, code, fingerprint: reader.u32() });
  }
  return reader.finished() && labels.size === count ? entries : undefined;
}

/** The type here that a peer's type would have to be. */
function counterpart(
  registry: MessageRegistry,
  { name, code }: CatalogEntry,
): MessageType | undefined {
  if (code !== undefined) return registry.byCode(code);
  const type = name === undefined ? undefined : registry.byName(name);
  return type?.kind === 'json' ? type : undefined; // a built-in one has a name but travels by its code
}

function unknownHere(entry: CatalogEntry): CableCarError {
  return new CableCarError(
    'ERR_MESSAGE_UNKNOWN',
    `the peer sends messages of type ${labelOf(entry)}, expected a type that is registered here`,
  );
}

function unknownThere({ label }: MessageType): CableCarError {
  return new CableCarError(
    'ERR_MESSAGE_UNKNOWN',
    `the peer does not know messages of type ${label}, expected it to; it will skip them`,
  );
}

function mismatch({ label }: MessageType): CableCarError {
  return new CableCarError(
    'ERR_MESSAGE_MISMATCH',
    `the peer lays out messages of type ${label} differently, expected the same definition at both ends`,
  );
}

function bounded(problems: readonly CableCarError[]): readonly CableCarError[] {
  const more = problems.length - MAX_PROBLEMS;
  if (more <= 0) return problems;
  const rest = new CableCarError(
    'ERR_MESSAGE_UNKNOWN',
    `${more} more message types are unknown or differ, expected the same types at both ends`,
  );
  return [...problems.slice(0, MAX_PROBLEMS), rest];
}
