import { networks } from '@cablecar/simulator';
import { expect, test } from 'vitest';
import { ahead } from '../support/ahead.ts';
import { isolated } from '../support/isolated.ts';
import { Program } from '../support/program.ts';

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly ms: number;
}

/** Runs a command of npm to its end. */
async function npm(...args: readonly string[]): Promise<Run> {
  const began = performance.now();
  const program = new Program(`npm ${args.join(' ')}`, ahead(isolated(['npm', ...args])));
  const code = await program.exited;
  return { code, output: program.complaints, ms: performance.now() - began };
}

/** What one of the two programs printed. */
function linesOf(name: string, { output }: Run): string[] {
  const prefix = `${name.padEnd(4)}| `;
  const lines = output.split('\n').filter((line) => line.startsWith(prefix));
  return lines.map((line) => line.slice(prefix.length));
}

const PAIRS = [
  ['ada', 'bob'],
  ['bob', 'ada'],
] as const;

test('npm start shows two programs that meet and talk in all three styles, and ends by itself within 10 s', async () => {
  const run = await npm('start');
  console.log(`npm start took ${run.ms.toFixed(0)} ms`);
  expect(run.code, run.output).toBe(0);
  expect(run.ms).toBeLessThanOrEqual(10_000);
  for (const [name, other] of PAIRS) {
    expect(linesOf(name, run), run.output).toEqual([
      expect.stringMatching(`^met ${other} at 127\\.0\\.0\\.1, \\d+ ms after join\\(\\)$`),
      `event      "hello from ${other}"`,
      'for await  one, two, three',
      expect.stringMatching(/^game loop {2}\d\d+ positions, the last [\d.]+ away$/),
      expect.stringMatching(/^round trip [\d.]+ ms.*; goodbye$/),
    ]);
  }
  expect(run.output).toMatch(/Both ended by themselves after [\d.]+ s/);
}, 60_000);

test('the service of events greets whoever comes, and answers', async () => {
  const run = await npm('run', '-s', 'service-events', '-w', 'examples');
  expect(run.code, run.output).toBe(0);
  for (const [name, other] of PAIRS) {
    expect(linesOf(name, run), run.output).toEqual([
      `met ${other}`,
      `${other} says: hello ${name}, this is ${other}`,
      expect.stringMatching(`^${other} left \\((closed|goodbye)\\)$`),
    ]);
  }
}, 60_000);

test('the message loop works through messages in their order', async () => {
  const run = await npm('run', '-s', 'message-loop', '-w', 'examples');
  expect(run.code, run.output).toBe(0);
  for (const [name, other] of PAIRS) {
    const counts = ['one', 'two', 'three', 'bye'].map((word) => `${other} counts: ${word}`);
    expect(linesOf(name, run), run.output).toEqual(counts);
  }
}, 60_000);

test('the game loop sees the other move, frame by frame', async () => {
  const run = await npm('run', '-s', 'game-loop', '-w', 'examples');
  expect(run.code, run.output).toBe(0);
  for (const [name, other] of PAIRS) {
    const lines = linesOf(name, run);
    expect(lines.length, run.output).toBeGreaterThanOrEqual(2);
    const expected = expect.stringMatching(`^frame \\d+: ${other} is [\\d.]+ away$`);
    expect(lines).toEqual(lines.map(() => expected));
  }
}, 60_000);

test('the monitor shows each how busy the other is', async () => {
  const run = await npm('run', '-s', 'cpu-mon', '-w', 'examples');
  expect(run.code, run.output).toBe(0);
  for (const [name, other] of PAIRS) {
    const [own, ...lines] = linesOf(name, run);
    expect(own, run.output).toMatch(new RegExp(`^${name}: processor \\d+ %, load`));
    expect(lines.pop()).toBe(`${other} left`);
    expect(lines.length).toBeGreaterThanOrEqual(2);
    const busy = expect.stringMatching(`^${other}: processor \\d+ %, load`) as string;
    expect(lines).toEqual(lines.map(() => busy));
  }
}, 60_000);

test('the bad network shows on each the same as ever, and the other later the worse it is', async () => {
  const run = await npm('run', '-s', 'bad-network', '-w', 'examples');
  expect(run.code, run.output).toBe(0);
  const lines = run.output.trim().split('\n');
  const figures = lines.map((line) => line.match(/\d+/g)?.map(Number) ?? []);
  expect(
    figures.map(({ length }) => length),
    run.output,
  ).toEqual(Object.keys(networks).map(() => 3));
  const worst = figures.map(([, , most]) => most);
  expect(worst, run.output).toEqual(worst.toSorted((a = 0, b = 0) => a - b));
  expect((await npm('run', '-s', 'bad-network', '-w', 'examples')).output).toBe(run.output);
}, 60_000);

test('the work is shared among all who help, and comes to the right sum', async () => {
  const run = await npm('run', '-s', 'work-sharing', '-w', 'examples');
  expect(run.code, run.output).toBe(0);
  const shared = linesOf('ada', run).filter((line) => line.startsWith('task '));
  expect(shared).toHaveLength(40);
  const sum = '40 results: there are 283146 primes below 4000000';
  expect(linesOf('ada', run), run.output).toContain(sum);
  const helped = ['bob', 'cleo', 'dan'].map((name) => linesOf(name, run).at(-1));
  expect(helped).toEqual(helped.map(() => expect.stringMatching(/^helped with \d+ tasks$/)));
}, 60_000);
