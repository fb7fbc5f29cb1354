import { escapeText } from '../beacon/clean-text.ts';
import type { Note } from '../ports/observer.ts';
import { plainNote } from './plain-note.ts';

/** A note as one line of a log: `lost peer=… name="bob" endpoint=10.0.0.2:4000 code=crashed error="…"`. */
export function noteLine(note: Note): string {
  const { kind, ...facts } = plainNote(note);
  const told = Object.entries(facts).map(([name, value]) => `${name}=${quoted(value)}`);
  return [kind, ...told].join(' ');
}

/** What could be mistaken for more than one word is quoted. */
function quoted(value: string): string {
  return /^[\w.:[\]-]+$/.test(value) ? value : escapeText(JSON.stringify(value));
}
