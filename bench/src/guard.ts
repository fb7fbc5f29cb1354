// Has the message path become slower? guard [--update] [--report FILE]: against node:net in the same run, and the ratios
// kept.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Comparison } from './comparison.ts';
import { movedIntoNamespace } from './machine.ts';
import { EITHER } from './payload.ts';
import { compare, type Row } from './rounds.ts';
import { exitOnSignals } from './signals.ts';
import { tableOf } from './table.ts';

const RATIOS = new URL('../ratios.json', import.meta.url);
/** What a ratio may lose. */
const TOLERANCE = 0.2;
/** A machine that is busy for a while is no defect of ours: what is slow is slow each time. */
const ATTEMPTS = 5;

const GUARDED: Comparison = {
  id: 'guard',
  title: `One way, ${EITHER}, messages per CPU second of the busier end`,
  workload: 'throughput',
  figure: 'perCpuSecond',
  rounds: 2,
  settings: { ms: 400, warmUpMs: 1_500 },
  entries: [
    { label: 'net joined', contender: 'net joined', payload: '32' },
    { label: 'cablecar bytes', contender: 'cablecar bytes', payload: '32' },
    { label: 'cablecar state', contender: 'cablecar state', payload: 'state' },
    { label: 'cablecar batches', contender: 'cablecar batches', payload: 'state' },
    { label: 'cablecar for await', contender: 'cablecar for await', payload: 'state' },
    { label: 'cablecar json', contender: 'cablecar json', payload: 'state' },
  ],
};

if (!(await movedIntoNamespace())) {
  exitOnSignals();
  if (process.argv.includes('--update')) update(await measure());
  else await guard();
}

async function guard(): Promise<void> {
  const failed = await countSlower();
  const { length } = GUARDED.entries.slice(1);
  console.log(`${length - failed} of ${length} are as fast beside node:net as they were`);
  const { report } = parseArgs({ options: { report: { type: 'string' } } }).values;
  if (report !== undefined) {
    writeFileSync(report, JSON.stringify({ passed: length - failed, failed }));
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

/** The ratio of each to the measure, of the best round of both: what disturbs a machine only ever takes away. */
async function measure(entries = GUARDED.entries): Promise<ReadonlyMap<string, number>> {
  const result = await compare({ ...GUARDED, entries }, () => {});
  console.log(tableOf(result));
  const [missing] = result.absent;
  if (missing !== undefined) throw new Error(`${missing.label} did not run: ${missing.why}`);
  const best = (row: Row | undefined): number => row?.figures[GUARDED.figure]?.high ?? Number.NaN;
  const base = best(result.rows[0]);
  return new Map(result.rows.map((row) => [row.label, digits(best(row) / base)]));
}

/** How many are slower than they were; those that seem to be are measured again. */
async function countSlower(): Promise<number> {
  const kept = JSON.parse(readFileSync(RATIOS, 'utf8')) as Record<string, number>;
  let { entries } = GUARDED;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const ratios = await measure(entries);
    const isFast = (label: string): boolean =>
      (ratios.get(label) ?? 0) >= (kept[label] ?? 0) * (1 - TOLERANCE); // no number is not fast
    const guarded = entries.slice(1).map(({ label }) => label);
    const labels = guarded.filter((label) => !isFast(label));
    if (labels.length === 0) return 0;
    for (const label of labels) {
      const seen = `${label}: ${ratios.get(label)} of node:net`;
      console.log(`${seen}, expected ${kept[label]} or little less`);
    }
    entries = entries.filter(({ label }, at) => at === 0 || labels.includes(label));
  }
  return entries.length - 1;
}

function update(ratios: ReadonlyMap<string, number>): void {
  const [[measureOfAll] = ['']] = ratios;
  const kept = Object.fromEntries([...ratios].filter(([label]) => label !== measureOfAll));
  writeFileSync(RATIOS, `${JSON.stringify(kept, null, 2)}\n`);
}

function digits(ratio: number): number {
  return Number(ratio.toPrecision(3));
}
