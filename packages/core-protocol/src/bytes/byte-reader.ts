import { MAX_VARINT_BYTES } from './byte-writer.ts';

/**
 * Reads from bytes that a stranger may have sent.
 * Reading past the end, or what is malformed, gives zero values and turns `ok` false for good: check it once, at the
 * end. Never throws.
 */
export class ByteReader {
  /** False once anything read was not there or malformed. */
  ok = true;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#has(1) ? this.#view.getUint8(this.#take(1)) : 0;
  }

  u16(): number {
    return this.#has(2) ? this.#view.getUint16(this.#take(2)) : 0;
  }

  u32(): number {
    return this.#has(4) ? this.#view.getUint32(this.#take(4)) : 0;
  }

  /** A whole number up to 2^53-1, in its shortest form. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 1; count <= MAX_VARINT_BYTES; count++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte < 0x80) {
        if ((byte === 0 && count > 1) || value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    this.ok = false;
    return 0;
  }

  /** A view of the next bytes, not a copy. */
  raw(count: number): Buffer {
    return this.#has(count) ? this.#bytes.subarray(this.#take(count), this.#at) : Buffer.alloc(0);
  }

  /** A varint of the length in bytes, then UTF-8, of at most `maxBytes`. */
  utf8(maxBytes: number): string {
    const byteLength = this.varint();
    if (byteLength > maxBytes) this.ok = false;
    return this.ok ? this.raw(byteLength).toString('utf8') : '';
  }

  /** Whether everything was well-formed and nothing is left over. */
  finished(): boolean {
    return this.ok && this.#at === this.#end;
  }

  #has(count: number): boolean {
    if (this.#at + count > this.#end) this.ok = false;
    return this.ok;
  }

  #take(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
