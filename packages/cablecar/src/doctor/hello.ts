import type { Metadata } from '@cablecar/core-protocol';
import { cleanName } from '@cablecar/core-protocol';
import { decodeWord, encodeWord, type Word } from './word.ts';

/** What a doctor says first on a connection. */
export interface Hello {
  readonly id: string;
  readonly name: string;
  readonly word: Word;
}

/** A hello as one line. */
export function encodeHello({ id, name, word }: Hello): string {
  return JSON.stringify({ doctor: 1, id, name, word: encodeWord(word) });
}

/** The hello in a line; undefined when it is none. Never throws. */
export function decodeHello(line: string): Hello | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { doctor, id, name, word } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (doctor !== 1 || typeof id !== 'string' || typeof name !== 'string') return undefined;
  const decoded = decodeWord((word ?? undefined) as Metadata | undefined);
  return decoded && { id, name: cleanName(name, id), word: decoded };
}
