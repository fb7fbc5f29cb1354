import { NOTE_KINDS, noteLine, type Note } from '@cablecar/core-protocol';
import { subscribe } from 'node:diagnostics_channel';

/**
 * Which names a DEBUG asks for: commas or spaces between them, `*` for anything, and a `-` before what it does not want.
 * It is what users of the package `debug` are used to; the channels do the rest of what that would do.
 */
export function debugFilter(wanted: string | undefined): (name: string) => boolean {
  const words = (wanted ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const includes = words.filter((word) => !word.startsWith('-')).map(patternOf);
  const excludes = words
    .filter((word) => word.startsWith('-'))
    .map((word) => patternOf(word.slice(1)));
  const matches = (patterns: readonly RegExp[], name: string): boolean =>
    patterns.some((pattern) => pattern.test(name));
  return (name) => matches(includes, name) && !matches(excludes, name);
}

/** Writes a line for each note of the kinds that a DEBUG asks for, from now on. */
export function logTo(write: (line: string) => void, wanted: string | undefined): void {
  if (wanted === undefined) return;
  const isWanted = debugFilter(wanted);
  for (const name of NOTE_KINDS.map((kind) => `cablecar:${kind}`)) {
    if (isWanted(name)) subscribe(name, (note) => write(lineOf(note as Note)));
  }
}

function lineOf(note: Note): string {
  return `${new Date().toISOString()} cablecar:${noteLine(note)}\n`;
}

function patternOf(word: string): RegExp {
  const literal = word.replace(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*')}$`);
}
