import { MAX_CLASSIC_DEPTH } from '../classic/classic-limits.ts';
import { show } from './show.ts';

/** How deep attributes may nest on the native wire; the attributes themselves are the first level. */
export const MAX_DEPTH = 64;
/** How many keys a message may have, those of nested objects included. */
export const MAX_KEYS = 10_000;

// From here on JSON.stringify() writes an exponent, which readers take for a float.
const FIRST_EXPONENT = 1e21;

/** Where a value breaks the rules, and how. */
export interface Flaw {
  /** From the attributes inward, such as `board.rows[3]`. */
  readonly path: string;
  readonly seen: string;
  readonly expected: string;
}

/** What differs between one kind of JSON and another. */
export interface JsonRules {
  /**
   * `finite`: numbers as JSON has them · `safe`: without whole numbers past 2^53-1, which other languages' JSON may read
   * as another number · `python`: those, NaN, the infinities and bigint, all of which Python's JSON has.
   */
  readonly numbers: 'finite' | 'safe' | 'python';
  /** How deep attributes may nest; the attributes themselves are the first level. */
  readonly maxDepth: number;
}

/** What a message may be made of on the native wire. */
export const NATIVE_JSON: JsonRules = { numbers: 'finite', maxDepth: MAX_DEPTH };

/** What metadata may be made of, which programs of any language may come to read. */
export const METADATA_JSON: JsonRules = { numbers: 'safe', maxDepth: MAX_DEPTH };

/** What a message may be made of on the classic JSON wire, where the attributes are the second level of a line. */
export const CLASSIC_JSON: JsonRules = { numbers: 'python', maxDepth: MAX_CLASSIC_DEPTH - 1 };

/**
 * The first place in a message's attributes that JSON cannot carry unchanged, or that would harm whoever receives it.
 * Sender and receiver judge by the same rules: numbers as the rules say, plain objects and arrays, no key that reaches
 * for a prototype, bounded depth and number of keys. An attribute that is `undefined` is allowed and will be left out.
 */
export function flawOfAttributes(attributes: object, rules: JsonRules): Flaw | undefined {
  return new Walk(rules).flawOfEntries(attributes, 1);
}

class Walk {
  readonly #rules: JsonRules;
  #keysLeft = MAX_KEYS;

  constructor(rules: JsonRules) {
    this.#rules = rules;
  }

  flawOfEntries(object: object, depth: number): Flaw | undefined {
    for (const key of Object.keys(object)) {
      if (--this.#keysLeft < 0) return flaw('more keys', `at most ${MAX_KEYS} in a message`);
      if (isForbidden(key)) return flaw(`the key ${show(key)}`, 'another name');
      const value = (object as Record<string, unknown>)[key];
      if (value === undefined) continue;
      const found = this.#flawOfValue(value, depth + 1);
      if (found !== undefined) return within(found, key);
    }
    return undefined;
  }

  #flawOfValue(value: unknown, depth: number): Flaw | undefined {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return undefined;
      case 'number':
        return this.#flawOfNumber(value);
      case 'object':
        return value === null ? undefined : this.#flawOfObject(value, depth);
      case 'bigint':
        if (this.#rules.numbers === 'python') return undefined;
        return flaw(show(value), 'a value that JSON can carry');
      default:
        return flaw(show(value), 'a value that JSON can carry');
    }
  }

  #flawOfNumber(value: number): Flaw | undefined {
    const { numbers } = this.#rules;
    if (numbers === 'python') return undefined;
    if (!Number.isFinite(value)) return flaw(show(value), 'a finite number');
    if (numbers === 'finite' || !Number.isInteger(value) || Number.isSafeInteger(value))
      return undefined;
    return Math.abs(value) >= FIRST_EXPONENT
      ? undefined
      : flaw(show(value), 'a whole number of at most 2^53-1');
  }

  #flawOfObject(value: object, depth: number): Flaw | undefined {
    const { maxDepth } = this.#rules;
    if (depth > maxDepth) return flaw('deeper nesting or a cycle', `at most ${maxDepth} levels`);
    if (Array.isArray(value)) return this.#flawOfElements(value, depth);
    if (isPlain(value)) return this.flawOfEntries(value, depth);
    return flaw(show(value), 'built-in types; encodeAttributes() can map others');
  }

  #flawOfElements(array: readonly unknown[], depth: number): Flaw | undefined {
    for (let index = 0; index < array.length; index++) {
      const found = this.#flawOfValue(array[index], depth + 1);
      if (found !== undefined) return within(found, index);
    }
    return undefined;
  }
}

/** Whether a key would, as an attribute, reach for the machinery of every object. */
export function isForbidden(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype';
}

/** Whether an object is a literal, of this realm or another, and not an instance of some class. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A flaw as a sentence says it: `text is NaN, expected a finite number`. */
export function sayFlaw({ path, seen, expected }: Flaw): string {
  return path === ''
    ? `has ${seen}, expected ${expected}`
    : `has ${seen} at '${path}', expected ${expected}`;
}

function flaw(seen: string, expected: string): Flaw {
  return { path: '', seen, expected };
}

function within(inner: Flaw, key: string | number): Flaw {
  const step = typeof key === 'number' ? `[${key}]` : key;
  const separator = inner.path === '' || inner.path.startsWith('[') ? '' : '.';
  return { ...inner, path: `${step}${separator}${inner.path}` };
}
