// Runs one example as two processes, as two players would: node … run-two.ts service-events.ts
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = process.argv[2];
if (program === undefined) throw new Error('usage: run-two.ts PROGRAM');
const path = fileURLToPath(new URL(program, import.meta.url));

const codes = await Promise.all(
  ['ada', 'bob'].map((name) => {
    const child = spawn(process.execPath, [...process.execArgv, path, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 30_000,
    });
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => console.log(`${name.padEnd(4)}| ${line}`));
    return new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  }),
);
process.exitCode = Math.max(...codes);
