import type { ByteWriter } from '../bytes/byte-writer.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  ZERO,
} from './ascii.ts';
import { isForbidden, isPlain, MAX_DEPTH } from './json-rules.ts';
import { writeUtf8 } from './utf8.ts';

/** Texts up to this length are written by a loop as long as they need no escape; the native call pays beyond. */
const SHORT_TEXT = 48;
/** The longest that a number is as text, and more than any other literal. */
const NUMBER_BYTES = 26;
/** Numbers with so many decimals at most are written digit by digit. */
const DECIMALS = 1000;
/** Up to here times `DECIMALS` is exact, and what is divided by it is the number itself where it has no more decimals. */
const MAX_DECIMAL = 2 ** 31 / DECIMALS;

const LAST_ASCII = 0x7e;

/**
 * Appends JSON, as `JSON.stringify()` has it, and judges it by the rules of the native wire on the way: one walk instead
 * of two, and no text in between.
 */
export class JsonWalk {
  readonly #writer: ByteWriter;
  #keysLeft: number;

  /** `mostKeys` is how many there may be in all objects together. */
  constructor(writer: ByteWriter, mostKeys: number) {
    this.#writer = writer;
    this.#keysLeft = mostKeys;
  }

  /** Appends an object at a level; false where it breaks a rule. */
  object(object: object, depth: number): boolean {
    this.#byte(OPEN_BRACE);
    let names = 0;
    let isFirst = true;
    for (const name in object) {
      names++;
      const value = (object as Record<string, unknown>)[name];
      if (--this.#keysLeft < 0 || isForbidden(name)) return false;
      if (value === undefined) continue;
      if (!isFirst) this.#byte(COMMA);
      isFirst = false;
      this.#text(name);
      this.#byte(COLON);
      if (!this.value(value, depth + 1)) return false;
    }
    this.#byte(CLOSE_BRACE);
    // What a prototype has does not travel; that it has something to be walked is rare enough to be left to others.
    return names === Object.keys(object).length;
  }

  /** Appends a value at a level; false where it breaks a rule. */
  value(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'number':
        return this.#number(value);
      case 'string':
        this.#text(value);
        return true;
      case 'boolean':
        this.#ascii(value ? 'true' : 'false');
        return true;
      case 'object':
        if (value === null) {
          this.#ascii('null');
          return true;
        }
        if (depth > MAX_DEPTH) return false;
        if (Array.isArray(value)) return this.#array(value, depth);
        return isPlain(value) && this.object(value, depth);
      default:
        return false;
    }
  }

  #array(array: readonly unknown[], depth: number): boolean {
    this.#byte(OPEN_BRACKET);
    for (let index = 0; index < array.length; index++) {
      if (index > 0) this.#byte(COMMA);
      if (!this.value(array[index], depth + 1)) return false;
    }
    this.#byte(CLOSE_BRACKET);
    return true;
  }

  #number(value: number): boolean {
    if ((value | 0) === value) {
      this.#writer.reserve(NUMBER_BYTES);
      this.#whole(value | 0);
    } else if (value < MAX_DECIMAL && value > -MAX_DECIMAL) {
      // Where so few decimals give the number itself, there is no shorter text that does.
      const decimal = Math.round(value * DECIMALS);
      if (decimal / DECIMALS === value) this.#decimal(decimal);
      else this.#ascii(String(value));
    } else {
      if (!Number.isFinite(value)) return false;
      this.#ascii(String(value));
    }
    return true;
  }

  #decimal(decimal: number): void {
    const writer = this.#writer;
    writer.reserve(NUMBER_BYTES);
    const { bytes } = writer;
    if (decimal < 0) bytes[writer.length++] = MINUS;
    const magnitude = Math.abs(decimal);
    const whole = (magnitude / DECIMALS) | 0;
    this.#whole(whole);
    let rest = magnitude - whole * DECIMALS;
    bytes[writer.length++] = POINT;
    for (let unit = DECIMALS / 10; rest > 0; unit = (unit / 10) | 0) {
      const digit = (rest / unit) | 0;
      bytes[writer.length++] = ZERO + digit;
      rest -= digit * unit;
    }
  }

  /** Writes a number of 32 bits, for which there is room. */
  #whole(value: number): void {
    const writer = this.#writer;
    const { bytes } = writer;
    if (value < 0) bytes[writer.length++] = MINUS;
    let rest = Math.abs(value) >>> 0;
    let at = writer.length + digitsOf(rest);
    writer.length = at;
    do {
      const tenth = (rest / 10) >>> 0;
      bytes[--at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    } while (rest > 0);
  }

  #text(text: string): void {
    const { length } = text;
    if (length <= SHORT_TEXT && this.#plain(text)) return;
    writeUtf8(this.#writer, JSON.stringify(text));
  }

  /** Writes a text that is ASCII and has nothing to escape; false, and nothing is written, where it is another one. */
  #plain(text: string): boolean {
    const writer = this.#writer;
    const { length } = text;
    writer.reserve(length + 2);
    const { bytes } = writer;
    let at = writer.length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 0x20 || unit > LAST_ASCII || unit === QUOTE || unit === BACKSLASH) return false;
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    writer.length = at;
    return true;
  }

  #ascii(text: string): void {
    const writer = this.#writer;
    writer.reserve(NUMBER_BYTES);
    const { bytes } = writer;
    let at = writer.length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    writer.length = at;
  }

  #byte(byte: number): void {
    const writer = this.#writer;
    writer.reserve(1);
    writer.bytes[writer.length++] = byte;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let limit = 10; value >= limit; limit *= 10) digits++;
  return digits;
}
