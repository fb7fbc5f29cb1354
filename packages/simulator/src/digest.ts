/** A running hash of everything that was mixed in, in order: 64 bits, not against malice. */
export class Digest {
  #low = 0x9747b28c;
  #high = 0x3c6ef372;

  /** Mixes in an integer of 32 bits. */
  word(value: number): void {
    this.#low = mix(this.#low, Math.imul(value, 0xcc9e2d51));
    this.#high = mix(this.#high, Math.imul(value ^ this.#low, 0x85ebca6b));
  }

  /** Mixes in any number. */
  number(value: number): void {
    FLOAT[0] = value;
    this.word(WORDS[0]!);
    this.word(WORDS[1]!);
  }

  /** Mixes in a text. */
  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
    this.word(text.length);
  }

  /** The hash so far as an integer of 53 bits. */
  value(): number {
    return (finish(this.#high) >>> 11) * 2 ** 32 + (finish(this.#low ^ this.#high) >>> 0);
  }

  /** The hash so far as 16 hexadecimal digits. */
  hex(): string {
    return [this.#high, this.#low]
      .map((half) => (half >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }
}

const FLOAT = new Float64Array(1);
const WORDS = new Int32Array(FLOAT.buffer);

function mix(hash: number, word: number): number {
  let h = hash ^ Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
