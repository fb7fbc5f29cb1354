// Messages per second over loopback between two processes, beside node:net with the same framing, in turns.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PEERS } from './peers/index.ts';

const ROUNDS = 5;
const COUNT = Number(process.env['BENCH_COUNT'] ?? 2_000_000);
const RUN_TIMEOUT_MS = 60_000;
const RUNNER = fileURLToPath(new URL('runner.ts', import.meta.url));

interface Line {
  readonly port?: number;
  readonly messages?: number;
  readonly perSecond?: number;
}

const names = Object.keys(PEERS);
const rates = new Map<string, number[]>(names.map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const name of names) {
    const rate = await run(name);
    if (round > 0) rates.get(name)?.push(rate); // the first round warms the machine up
  }
}
report();

/** One run of one peer: two processes, messages one way, order and count checked by the receiver. */
async function run(name: string): Promise<number> {
  const receiver = start('receive', name, COUNT);
  let rate = 0;
  for await (const text of createInterface({ input: receiver.stdout as NodeJS.ReadableStream })) {
    const line = JSON.parse(text) as Line;
    if (line.port !== undefined) start('send', name, COUNT, line.port);
    if (line.messages === COUNT) rate = line.perSecond ?? 0;
  }
  if (rate === 0) throw new Error(`${name} did not deliver ${COUNT} messages in order`);
  return rate;
}

function start(...values: (string | number)[]): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, RUNNER, ...values.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: RUN_TIMEOUT_MS,
  });
  return child;
}

function report(): void {
  const base = rates.get(names[0] as string) as number[];
  const rows = names.map((name) => {
    const own = rates.get(name) as number[];
    const ratios = own.map((rate, round) => rate / (base[round] as number));
    return { name, perSecond: median(own), ratio: median(ratios), rates: own };
  });
  console.log(
    `${COUNT} messages of 23 bytes, one way, loopback, ${ROUNDS} interleaved rounds, medians`,
  );
  for (const { name, perSecond, ratio } of rows) {
    const rate = `${(perSecond / 1e6).toFixed(2)} M/s`;
    console.log(`${name.padEnd(14)} ${rate.padStart(10)}   ${ratio.toFixed(2)} of ${names[0]}`);
  }
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  const path = new URL('results/throughput.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify({ machine, count: COUNT, rows }, null, 2)}\n`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[sorted.length >> 1] as number;
}
