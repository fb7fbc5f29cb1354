import type { Random } from '@cablecar/core-protocol';

/** A number, or the least and the greatest of a choice between them. */
export type Range = number | readonly [least: number, greatest: number];

/**
 * Seeded chance: the generator sfc32. Streams of different names are independent of each other, so that what one
 * connection or program draws does not depend on what the others do.
 */
export class Prng implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = hashText(name);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer from 0 to 2^32 − 1. */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A number in [0, 1). */
  float(): number {
    return this.uint32() / 2 ** 32;
  }

  /** An integer from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.float() * count);
  }

  /** A number of the range, each as likely. */
  within(range: Range): number {
    if (typeof range === 'number') return range;
    return range[0] + this.float() * (range[1] - range[0]);
  }

  /** An integer of the range, each order of magnitude as likely: from 1 to 1000, as many below 32 as above. */
  magnitude(range: Range): number {
    if (typeof range === 'number') return range;
    const [least, greatest] = range;
    return Math.min(greatest, Math.floor(least * ((greatest + 1) / least) ** this.float()));
  }

  /** Fresh bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.uint32() >>> 24);
  }
}

/** FNV-1a of a text, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** FNV-1a of bytes, 32 bits. */
export function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
