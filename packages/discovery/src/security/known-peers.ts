import {
  CableCarError,
  MAX_NAME_LENGTH,
  type PeerId,
  type PeerInfo,
  type PrivateFile,
} from '@cablecar/core-protocol';
import type { IdentityConflict } from './trust.ts';

/** Names that are remembered. None is ever forgotten for a new one: whoever made it forget could take its place. */
const MAX_NAMES = 1024;
const MAX_CONFLICTS = 1024;

/**
 * Who has come under which name before: the first to come under a name is believed, and from then on nobody else is.
 * Kept in a file, a JSON object of names and ids.
 */
export class KnownPeers {
  readonly #file: PrivateFile;
  readonly #onConflict: (conflict: IdentityConflict) => void;
  readonly #ids: Map<string, PeerId>;
  readonly #told = new Set<string>();

  /** @throws {CableCarError} ERR_PRIVATE_FILE, ERR_IDENTITY_FILE, ERR_SYSTEM */
  constructor(file: PrivateFile, onConflict: (conflict: IdentityConflict) => void) {
    this.#file = file;
    this.#onConflict = onConflict;
    this.#ids = readIds(file.read());
  }

  /**
   * Whether this is whoever has always had that name.
   * @throws {CableCarError} ERR_SYSTEM when a new one cannot be remembered
   */
  knows(peer: PeerInfo): boolean {
    const { name, id } = peer;
    const known = this.#ids.get(name);
    if (known === undefined) return this.#remember(name, id);
    if (known === id) return true;
    this.#tell({ name, known, peer });
    return false;
  }

  #remember(name: string, id: PeerId): boolean {
    if (this.#ids.size >= MAX_NAMES) return false;
    this.#file.write(
      `${JSON.stringify(Object.fromEntries([...this.#ids, [name, id]]), null, 2)}\n`,
    );
    this.#ids.set(name, id);
    return true;
  }

  /** Once for each pretender. */
  #tell(conflict: IdentityConflict): void {
    const pretender = `${conflict.peer.id} ${conflict.name}`;
    if (this.#told.has(pretender) || this.#told.size >= MAX_CONFLICTS) return;
    this.#told.add(pretender);
    this.#onConflict(conflict);
  }
}

function readIds(text: string | undefined): Map<string, PeerId> {
  const ids = new Map<string, PeerId>();
  for (const [name, id] of Object.entries(parse(text ?? '{}'))) {
    const isFit = name.length <= 2 * MAX_NAME_LENGTH && /^[0-9a-f]{32}$/.test(String(id));
    if (!isFit) throw malformed(`'${name}' with ${JSON.stringify(id)}`);
    ids.set(name, id as PeerId);
  }
  return ids;
}

function parse(text: string): object {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // told below
  }
  throw malformed('something else');
}

function malformed(seen: string): CableCarError {
  const sentence = `the file of known peers has ${seen}, expected an object of names and ids`;
  return new CableCarError('ERR_IDENTITY_FILE', sentence);
}
