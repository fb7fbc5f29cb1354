// `npm run fuzz -- --inputs N` fuzzes every target; `--target NAME --seed N --index N` runs one input again.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { bundle } from '../../support/bundle.ts';
import { runInput, type Finding } from '../campaign.ts';
import { TARGETS } from '../targets.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '2' },
    target: { type: 'string' },
    seed: { type: 'string', default: '1' },
    index: { type: 'string', default: '0' },
    report: { type: 'string' },
  },
});

if (values.target === undefined) {
  process.exitCode = await runAll();
} else {
  const target = TARGETS.find(({ name }) => name === values.target);
  if (!target)
    throw new Error(`no target '${values.target}': ${TARGETS.map(({ name }) => name).join(', ')}`);
  runInput(target, Number(values.seed), Number(values.index));
  console.log('as it should be');
}

async function runAll(): Promise<number> {
  const program = await bundle('test/fuzz/programs/fuzz-worker.ts');
  const workers = Number(values.workers);
  const begin = performance.now();
  const results = await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const args = [String(Number(values.seed) + index), String(Number(values.inputs) / workers)];
      const child = spawn(process.execPath, ['--expose-gc', program, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const last = (await text(child.stdout)).trim().split('\n').at(-1) ?? '';
      return JSON.parse(last) as { readonly done: number; readonly findings: readonly Finding[] };
    }),
  );
  const done = results.reduce((sum, result) => sum + result.done, 0);
  const findings = results.flatMap((result) => result.findings);
  const seconds = (performance.now() - begin) / 1_000;
  console.log(
    `${done} inputs to ${TARGETS.length} targets in ${seconds.toFixed(0)} s, ${findings.length} findings`,
  );
  for (const { target, seed, index, sentence } of findings) {
    console.log(
      `  ${target}: ${sentence}\n    npm run fuzz -- --target '${target}' --seed ${seed} --index ${index}`,
    );
  }
  if (values.report !== undefined) {
    writeFileSync(values.report, JSON.stringify({ passed: done, failed: findings.length }));
  }
  return findings.length > 0 ? 1 : 0;
}
