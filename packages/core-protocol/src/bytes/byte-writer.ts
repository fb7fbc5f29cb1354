/** Bytes that a varint may take: 8 carry 56 bits, more than a safe integer's 53. */
export const MAX_VARINT_BYTES = 8;

/**
 * Writes into a kept, growing buffer.
 *
 * The bytes from `start` to `length` are the item being written. When room runs out the item moves to a new buffer
 * and what lies before it stays behind in the old one, so an owner can keep full buffers without copying them.
 * After `reserve()` therefore read `bytes`, `view` and `length` anew.
 */
export class ByteWriter {
  bytes: Buffer;
  view: DataView;
  /** Where the next byte goes. */
  length = 0;
  /** Where the item being written begins. */
  start = 0;
  /** How many bytes the length of the frame written last took; see {@link beginFrame}. */
  lengthBytes = 1;
  readonly #blockBytes: number;
  readonly #allocate: (bytes: number) => Buffer;

  /** `allocate` gives the buffers, each the whole of its memory. */
  constructor(blockBytes = 256, allocate: (bytes: number) => Buffer = allocateAnew) {
    this.#blockBytes = blockBytes;
    this.#allocate = allocate;
    this.bytes = allocate(blockBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Begins a new item after what is written. */
  begin(): void {
    this.start = this.length;
  }

  /** Forgets the item being written. */
  rollBack(): void {
    this.length = this.start;
  }

  /** Forgets everything; the buffer is written from its beginning again. */
  clear(): void {
    this.length = this.start = 0;
  }

  /** Begins a new item in a new buffer. */
  moveOn(): void {
    this.begin();
    this.#move(0);
  }

  /** A copy of the item being written. */
  copyItem(): Buffer {
    return Buffer.from(this.bytes.subarray(this.start, this.length));
  }

  /** Makes room for `count` more bytes, which may move the item. */
  reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.#move(count);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  u16(value: number): void {
    this.reserve(2);
    this.view.setUint16(this.length, value);
    this.length += 2;
  }

  u32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.length, value);
    this.length += 4;
  }

  /** A whole number from 0 to 2^53-1, seven bits a byte, lowest first; the top bit says that more follow. */
  varint(value: number): void {
    this.reserve(MAX_VARINT_BYTES);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A varint of the length in bytes, then UTF-8. A lone surrogate becomes U+FFFD. */
  utf8(text: string): void {
    const byteLength = Buffer.byteLength(text);
    this.varint(byteLength);
    this.reserve(byteLength);
    this.length += this.bytes.write(text, this.length);
  }

  #move(count: number): void {
    const itemBytes = this.length - this.start;
    const capacity = Math.max(this.#blockBytes, 2 * (itemBytes + count));
    const bytes = this.#allocate(capacity);
    this.bytes.copy(bytes, 0, this.start, this.length);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.start = 0;
    this.length = itemBytes;
  }
}

function allocateAnew(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes);
}
