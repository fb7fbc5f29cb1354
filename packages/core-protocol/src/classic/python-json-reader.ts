import { MAX_CLASSIC_DEPTH, MAX_CLASSIC_DIGITS } from './classic-limits.ts';

/** An integer of so many digits may be more than a number holds exactly. Digits in strings match as well: no harm. */
const LONG_INTEGER = /[[:,\s-]\d{16,}\s*[,\]}]/;
const NOT_FINITE = /NaN|Infinity/;
const NUMBER = /-?(?:Infinity|(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * The value of a text that Python's `json` wrote: JSON, and the numbers that JSON has not.
 *
 * Numbers keep their exact value: an integer outside of ±(2^53-1) is a bigint, `NaN` and `±Infinity` are read.
 * A float that is whole (`1.0`) is the same number as the integer. Keys named `__proto__` are plain properties.
 * @throws {SyntaxError} for what is not such a text, is nested more than 500 deep, or has an integer of more than 4300
 * digits
 */
export function parsePythonJson(text: string): unknown {
  if (text.length > 2 * MAX_CLASSIC_DEPTH) checkDepth(text);
  if (LONG_INTEGER.test(text)) return new Reader(text).read();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!NOT_FINITE.test(text)) throw error;
    return new Reader(text).read();
  }
}

/** JSON.parse() takes any depth, but whoever walks through the value later may not. */
function checkDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (quoted) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) quoted = false;
    } else if (unit === 0x22) quoted = true;
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > MAX_CLASSIC_DEPTH) {
        throw new SyntaxError(`nested more than ${MAX_CLASSIC_DEPTH} deep`);
      }
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
}

/** Reads what JSON.parse() cannot, or not exactly. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    this.#skipSpace();
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  #value(): unknown {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      case 'N':
        return this.#word('NaN', NaN);
      default:
        return this.#number();
    }
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at++;
    this.#skipSpace();
    if (this.#accept('}')) return object;
    do {
      this.#skipSpace();
      if (this.#text[this.#at] !== '"') throw this.#unexpected();
      const key = this.#string();
      this.#skipSpace();
      this.#expect(':');
      this.#skipSpace();
      const value = this.#value();
      if (key === '__proto__') {
        const property = { value, enumerable: true, configurable: true, writable: true };
        Object.defineProperty(object, key, property);
      } else object[key] = value;
      this.#skipSpace();
    } while (this.#accept(','));
    this.#expect('}');
    return object;
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#accept(']')) return array;
    do {
      this.#skipSpace();
      array.push(this.#value());
      this.#skipSpace();
    } while (this.#accept(','));
    this.#expect(']');
    return array;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let escaped = false;
    for (let at = start + 1; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) {
        this.#at = at + 1;
        return escaped ? JSON.parse(text.slice(start, at + 1)) : text.slice(start + 1, at);
      }
      if (unit < 0x20) break;
      if (unit === 0x5c) {
        escaped = true;
        at++;
      }
    }
    throw this.#unexpected();
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) throw this.#unexpected();
    const literal = match[0];
    this.#at += literal.length;
    const value = Number(literal);
    const isFloat = match[1] !== undefined || match[2] !== undefined;
    if (isFloat || Number.isSafeInteger(value) || literal.endsWith('y')) return value;
    if (literal.length > MAX_CLASSIC_DIGITS + (value < 0 ? 1 : 0)) {
      throw new SyntaxError(`an integer of more than ${MAX_CLASSIC_DIGITS} digits`);
    }
    return BigInt(literal);
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected();
    this.#at += word.length;
    return value;
  }

  #accept(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#accept(mark)) throw this.#unexpected();
  }

  #skipSpace(): void {
    const unit = this.#text.charCodeAt(this.#at);
    if (unit > 0x20 || Number.isNaN(unit)) return;
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #unexpected(): SyntaxError {
    return new SyntaxError(
      this.#at < this.#text.length
        ? `unexpected ${JSON.stringify(this.#text[this.#at])} at ${this.#at}`
        : 'the text ends too early',
    );
  }
}
