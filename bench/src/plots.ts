// Makes docs/benchmarks.md and its pictures of what is kept in results/: every number on the page is from there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { barsOf } from './bars.ts';
import { figureName } from './figure-names.ts';
import { readKept, type Kept } from './results.ts';
import type { Row } from './rounds.ts';
import { FULL_SUITE } from './suite.ts';
import { short } from './table.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const PICTURES = 'benchmarks';

const HEAD = `# Benchmarks

<!-- Made by \`npm run bench:plots\` from bench/results; not to be edited. -->

What was measured and how is said in [performance.md](performance.md); so is what the rivals are, and how each is used.
Only figures of one table compare: the machine was a different one, or in a different mood, for another. The ratio is that to
the first row in the same round; in brackets stand the lowest and the highest round.
`;

const kept = readKept();
const ids = ['codec', ...FULL_SUITE.map(({ id }) => id)];
mkdirSync(new URL(`${PICTURES}/`, DOCS), { recursive: true });
const sections = ids.flatMap((id) => {
  const result = kept.get(id);
  return result === undefined ? [] : [sectionOf(result)];
});
writeFileSync(new URL('benchmarks.md', DOCS), [HEAD, ...sections].join('\n'));

function sectionOf(result: Kept): string {
  const { id, title, machine, day, rounds, rows, absent } = result;
  const { cpu, cores, memoryGiB, system, node, load } = machine;
  writeFileSync(new URL(`${PICTURES}/${id}.svg`, DOCS), barsOf(result));
  const missing = absent.map(({ label }) => label).join(', ');
  return [
    `## ${title}`,
    '',
    `${day}; ${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node ${node}; load ${load} at the start; ${rounds} rounds.`,
    '',
    `![${title}](${PICTURES}/${id}.svg)`,
    '',
    ...tableOf(result, rows),
    '',
    ...(missing === '' ? [] : [`Not measured: ${missing}.`, '']),
  ].join('\n');
}

function tableOf({ figure }: Kept, rows: readonly Row[]): string[] {
  const names = Object.keys(rows[0]?.figures ?? {}).filter((name) => name !== figure);
  const head = ['', figureName(figure), 'ratio', ...names.map(figureName)];
  const lines = rows.map(({ label, figures, ratio }) => {
    const compared = figures[figure];
    const others = names.map((name) => {
      const median = figures[name]?.median;
      return median === undefined || Number.isNaN(median) ? '–' : short(median);
    });
    const value =
      compared === undefined
        ? '–'
        : `${short(compared.median)} (${short(compared.low)}–${short(compared.high)})`;
    return [label, value, ratio.median.toFixed(2), ...others];
  });
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
