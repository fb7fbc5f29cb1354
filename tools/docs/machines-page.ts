import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, type Source } from '../sources.ts';
import { generatedFrom, page, table } from './markdown.ts';

/** State → input → the states that the input may lead to; none, or the state itself: it stays. */
export type Transitions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** `docs/state-machines.md`, from every `…_TRANSITIONS` table that a package exports. */
export async function machinesPage(sources: readonly Source[]): Promise<string> {
  const sections: string[] = [];
  for (const source of sources) {
    if (source.room === undefined || source.isTest) continue;
    for (const name of tablesOf(source)) {
      const url = pathToFileURL(join(ROOT, source.path)).href;
      const tables = (await import(url)) as Record<string, Transitions>;
      sections.push(section(name, source, tables[name]!));
    }
  }
  return page(
    '# State machines',
    generatedFrom('the transition tables of the packages'),
    'Each machine is pure: inputs and time go in, outputs come out. Its table names, for every state and every input, the states that may follow; a test walks each cell. The diagrams leave out inputs that change nothing; the tables show them as `·`.',
    ...sections.sort(),
  );
}

function tablesOf({ module }: Source): string[] {
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ moduleRequest }) => moduleRequest === null)
    .flatMap(({ exportName }) => exportName.name ?? [])
    .filter((name) => name.endsWith('_TRANSITIONS'));
}

function section(name: string, { path, room }: Source, transitions: Transitions): string {
  const words = name
    .replace(/_TRANSITIONS$/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
  return page(
    `## ${words[0]!.toUpperCase()}${words.slice(1)} (${room})`,
    `Source: [${path.split('/').at(-1)}](../${path})`,
    `\`\`\`mermaid\n${diagram(transitions)}\n\`\`\``,
    matrix(transitions),
  );
}

/** A Mermaid state diagram: one arrow for each pair of states, labelled with every input that takes it. */
export function diagram(transitions: Transitions): string {
  const lines = [
    'stateDiagram-v2',
    ...beginnings(transitions).map((state) => `  [*] --> ${state}`),
  ];
  for (const [state, row] of Object.entries(transitions)) {
    const inputsTo = new Map<string, string[]>();
    for (const [input, nexts] of Object.entries(row))
      for (const next of nexts)
        if (next !== state) inputsTo.set(next, [...(inputsTo.get(next) ?? []), input]);
    for (const [next, inputs] of inputsTo)
      lines.push(`  ${state} --> ${next}: ${inputs.join(', ')}`);
    if (inputsTo.size === 0) lines.push(`  ${state} --> [*]`);
  }
  return lines.join('\n');
}

/** Where a machine may begin: in its first state, and in those that no other state leads to. */
function beginnings(transitions: Transitions): string[] {
  const reached = new Set(
    Object.entries(transitions).flatMap(([state, row]) =>
      Object.values(row)
        .flat()
        .filter((next) => next !== state),
    ),
  );
  return Object.keys(transitions).filter((state, index) => index === 0 || !reached.has(state));
}

/** Every cell, one row for each input. */
export function matrix(transitions: Transitions): string {
  const states = Object.keys(transitions);
  const inputs = new Set(Object.values(transitions).flatMap((row) => Object.keys(row)));
  return table(
    ['input', ...states.map((state) => `in ${state}`)],
    [...inputs].map((input) => [
      `\`${input}\``,
      ...states.map((state) => cell(state, transitions[state]?.[input] ?? [])),
    ]),
  );
}

function cell(state: string, nexts: readonly string[]): string {
  if (nexts.every((next) => next === state)) return '·';
  return nexts.map((next) => (next === state ? 'stays' : next)).join(', ');
}
