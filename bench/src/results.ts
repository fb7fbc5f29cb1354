import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Result } from './rounds.ts';

const FOLDER = new URL('../results/', import.meta.url);

/** A result as it is kept: with where and when it was measured. */
export interface Kept extends Result {
  readonly machine: Machine;
  /** The day, as 2026-01-31. */
  readonly day: string;
}

/** Keeps a result in `results/`, in the place of an earlier one of the same comparison. */
export function keep(result: Result, machine: Machine): void {
  const day = new Date().toISOString().slice(0, 10);
  mkdirSync(FOLDER, { recursive: true });
  const kept: Kept = { ...result, machine, day };
  writeFileSync(new URL(`${result.id}.json`, FOLDER), `${JSON.stringify(kept, null, 2)}\n`);
}

/** Everything that is kept, by the comparison's id. */
export function readKept(): ReadonlyMap<string, Kept> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  const kept = files.map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Kept);
  return new Map(kept.map((one) => [one.id, one]));
}
