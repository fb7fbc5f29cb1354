// What a workload spends its time on: profile.ts [CONTENDER] [PAYLOAD] [WORKLOAD]; by function, own time, both ends.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { perform } from './run.ts';
import type { WorkloadName } from './workloads/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LINES = 22;
/** Of the run's end, in which the ends say goodbye. */
const SKIPPED_MS = 200;

/** What a V8 profile has of what is read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

const [contender = 'cablecar state', payload = 'state', workload = 'throughput'] =
  process.argv.slice(2);
/** What is looked at before that: longer of a game loop, which mostly rests. */
const COUNTED_MS = workload === 'ticks' ? 20_000 : 2_000;
const folder = mkdtempSync(join(tmpdir(), 'profile-'));
try {
  const settings = { ms: COUNTED_MS + 2 * SKIPPED_MS, warmUpMs: 1_500, perTick: 50 };
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=100'];
  const run = { workload: workload as WorkloadName, contender, payload, settings };
  await perform(run, { nodeOptions });
  for (const file of readdirSync(folder)) {
    summarise(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function summarise({ nodes, samples, timeDeltas }: Profile): void {
  const named = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  let busy = 0;
  // Loading is not what is asked for, nor are the first moments, in which everything is compiled.
  let untilEnd = timeDeltas.reduce((sum, us) => sum + us, 0) / 1_000 - SKIPPED_MS;
  for (const [index, id] of samples.entries()) {
    const name = named.get(id) ?? '';
    const us = timeDeltas[index + 1] ?? 0;
    untilEnd -= us / 1_000;
    if (untilEnd > COUNTED_MS || untilEnd < 0 || name === '(idle)') continue;
    busy += us;
    times.set(name, (times.get(name) ?? 0) + us);
  }
  if (busy === 0) return; // a process that loads modules for another
  const isSender = [...named.values()].some(
    (name) => name.startsWith('send ') && name.includes('/workloads/'),
  );
  console.log(`\n${isSender ? 'Sender' : 'Receiver'}, ${(busy / 1e6).toFixed(1)} s busy`);
  const most = [...times].sort(([, one], [, other]) => other - one).slice(0, LINES);
  for (const [name, us] of most) {
    console.log(`${((100 * us) / busy).toFixed(1).padStart(5)} %  ${name}`);
  }
}

function nameOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  const path = url.startsWith('file:') ? relative(ROOT, fileURLToPath(url)) : url;
  return path === '' ? functionName || '(compiled)' : `${functionName || '(nameless)'} ${path}`;
}
