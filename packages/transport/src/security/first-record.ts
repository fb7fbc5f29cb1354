import { TLS_HANDSHAKE } from '@cablecar/core-protocol';

const HEADER_BYTES = 5;
/** The longest record that TLS has. */
const MAX_RECORD_BYTES = HEADER_BYTES + 2 ** 14;

/**
 * What an accepting end has of the first record, until all of it is there. TLS is begun with the whole of it: to whoever
 * sends it byte by byte, and never the last, nothing is given but the memory of what has come.
 */
export class FirstRecord {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  /** Takes more of it. Answers all that has come once that is enough, and null where it is nothing of TLS. */
  push(piece: Uint8Array): Uint8Array | undefined | null {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#pieces[0]?.[0] !== TLS_HANDSHAKE) return null;
    if (this.#length < HEADER_BYTES) return undefined;
    const all = Buffer.concat(this.#pieces.splice(0));
    this.#pieces.push(all);
    const length = Math.min(HEADER_BYTES + all.readUInt16BE(3), MAX_RECORD_BYTES);
    return this.#length >= length ? all : undefined;
  }
}
