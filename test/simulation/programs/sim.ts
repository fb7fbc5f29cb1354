// `npm run sim -- --seed N` runs one schedule of the swarm and shows it; `npm run sim -- --seeds N` runs many.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { bundle } from '../../support/bundle.ts';
import { planOf } from '../swarm/plan.ts';
import { describe, emptyTally, merge, type Tally } from '../swarm/report.ts';
import { runSchedule } from '../swarm/schedule.ts';
import type { World } from '@cablecar/simulator';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    twice: { type: 'string', default: '0' },
    workers: { type: 'string', default: '2' },
    lines: { type: 'string', default: '60' },
    report: { type: 'string' },
  },
});

process.exitCode = await (values.seed === undefined ? runMany() : runOne(Number(values.seed)));

/** Shows one schedule: what was decided beforehand, the end of its transcript, and what came of it. */
async function runOne(seed: number): Promise<number> {
  console.log(JSON.stringify(planOf(seed), undefined, 2));
  let world: World | undefined;
  const options = { transcript: true, onWorld: (its: World) => void (world = its) };
  const wrong = await runSchedule(seed, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  console.log(world?.transcript.slice(-Number(values.lines)).join('\n'));
  console.log(wrong ?? 'as it should be');
  return wrong === undefined ? 0 : 1;
}

/** Runs many, in several processes, and counts. */
async function runMany(): Promise<number> {
  const worker = await bundle('test/simulation/programs/swarm-worker.ts');
  const workers = Number(values.workers);
  const begin = performance.now();
  const share = (of: string, index: number): number =>
    Math.floor((Number(of) + workers - 1 - index) / workers);
  const tallies = Array.from({ length: workers }, async (_, index): Promise<Tally> => {
    const first = Number(values.from) + index;
    const counts = [first, share(values.seeds, index), workers, share(values.twice, index)];
    const child = spawn(process.execPath, [worker, ...counts.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = (await text(child.stdout)).trim().split('\n');
    return JSON.parse(lines.at(-1) ?? '') as Tally;
  });
  const total = emptyTally();
  for (const tally of await Promise.all(tallies)) merge(total, tally);
  console.log(describe(total, (performance.now() - begin) / 1_000));
  const failed = total.failures.length;
  if (values.report !== undefined) {
    writeFileSync(
      values.report,
      JSON.stringify({ passed: total.schedules + total.repeated, failed }),
    );
  }
  return failed > 0 ? 1 : 0;
}
