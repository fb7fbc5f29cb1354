// Runs one example as several processes, as several players would, one for each name: run-together.ts service-events.ts ada bob
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const [program, ...given] = process.argv.slice(2);
if (program === undefined) throw new Error('usage: run-together.ts PROGRAM [NAME …]');
const path = fileURLToPath(new URL(program, import.meta.url));
const names = given.length > 0 ? given : ['ada', 'bob'];

const codes = await Promise.all(
  names.map((name) => {
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
