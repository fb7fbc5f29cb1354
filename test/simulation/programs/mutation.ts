// `npm run mutation`: plants each defect in turn and runs the swarm until it is caught. `--write` puts the table into docs.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { bundleWith } from '../../support/bundle.ts';
import { DEFECTS, type Defect } from '../mutation/defects.ts';
import { plant } from '../mutation/plant.ts';
import type { Tally } from '../swarm/report.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    schedules: { type: 'string', default: '10000' },
    report: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

/**
 * A defect may make a program go round for ever, which is noticed by its silence: a hundred schedules take a second or so,
 * on a machine with much else to do some more.
 */
const SILENCE_MS = 60_000;
const AT_ONCE = 2;

interface Verdict {
  readonly defect: Defect;
  /** After how many schedules it was caught; undefined if it was not. */
  readonly caught: number | undefined;
  readonly by: string;
}

const verdicts: Verdict[] = [];
const left = DEFECTS.filter(({ name }) => name.includes(values.only));
await Promise.all(Array.from({ length: AT_ONCE }, work));
verdicts.sort((one, other) => DEFECTS.indexOf(one.defect) - DEFECTS.indexOf(other.defect));

const missed = verdicts.filter(({ caught }) => caught === undefined);
const worst = Math.max(...verdicts.map(({ caught = 0 }) => caught));
console.log(
  `${verdicts.length - missed.length} of ${verdicts.length} defects caught, each within ${worst} schedules`,
);
if (values.report !== undefined) {
  const counts = { passed: verdicts.length - missed.length, failed: missed.length };
  writeFileSync(values.report, JSON.stringify(counts));
}
if (values.write) writeFileSync(new URL('../../../docs/mutations.md', import.meta.url), page());
process.exitCode = missed.length > 0 ? 1 : 0;

async function work(): Promise<void> {
  for (let defect = left.shift(); defect; defect = left.shift()) {
    const verdict = await judge(defect);
    verdicts.push(verdict);
    const when = verdict.caught === undefined ? 'NOT CAUGHT' : `after ${verdict.caught}`;
    console.log(`${when.padEnd(12)} ${defect.name}: ${verdict.by}`);
  }
}

async function judge(defect: Defect): Promise<Verdict> {
  const name = `mutant-${DEFECTS.indexOf(defect)}`;
  const program = await bundleWith('test/simulation/programs/swarm-worker.ts', name, [
    plant(defect),
  ]);
  const args = [program, '1', values.schedules, '1', '0', '1'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
  child.stdout.on('data', () => watchdog.refresh());
  const said = (await text(child.stdout)).trim().split('\n').at(-1) ?? '';
  clearTimeout(watchdog);
  if (!said.startsWith('{')) {
    return { defect, caught: Number(said) + 1, by: 'it goes round for ever, or crashes' };
  }
  const { schedules, failures } = JSON.parse(said) as Tally;
  const sentence = failures[0]?.sentence.replace(/^seed \d+: /, '');
  return { defect, caught: sentence && schedules + 1, by: sentence ?? '' } as Verdict;
}

/** What was planted and what caught it, as a page of the docs. */
function page(): string {
  const rows = verdicts.map(({ defect: { name, file }, caught, by }) => {
    const sentence = by
      .replaceAll('|', '\\|')
      .replaceAll(/[*_<>]/g, '\\$&')
      .slice(0, 160);
    return `| ${name} | \`${file}\` | ${caught ?? 'not'} | ${sentence} |`;
  });
  return [
    '# Planted defects',
    '',
    '<!-- Written by `npm run mutation -- --write`; not edited by hand. -->',
    '',
    `The swarm (see [Reliability](reliability.md)) is only worth something if it finds what is wrong. So ${verdicts.length} mistakes`,
    'that one can make in the protocol are planted in the shipped code, one at a time, and the swarm is run until it',
    `complains: ${verdicts.length - missed.length} of ${verdicts.length} are caught, each within ${worst} schedules.`,
    '',
    '| planted | in | caught after | by |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
