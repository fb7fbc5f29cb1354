// Whether the packages work for those who install them: packed as for publishing, held to their budgets of size, checked
// by publint and attw, installed together in an empty project, imported, required, compiled against, and run: in every
// form two programs meet. On this Node alone; `npm run consumers` does it on every runtime.
import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from '../run.ts';
import { FORM_NAMES, makeForms } from './forms.ts';
import { meet } from './meeting.ts';
import { sizeProblems, sizeTable } from './sizes.ts';
import { startTimes } from './start-times.ts';
import { packAll, type Tarball } from './tarballs.ts';
import { makeUserProject, withFolder } from './user-project.ts';

/** Where a user's compiler looks for types: the two ways that know `exports`. */
const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
];

/** What every tarball has. */
const EXPECTED = ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'];

const failures: string[] = [];

/** Runs one program of the check in the folder; what it says is kept if it fails. */
async function demand(
  folder: string,
  what: string,
  [program = '', ...args]: readonly string[],
): Promise<string> {
  const { status, output } = await run(program, args, folder);
  if (status !== 0) failures.push(`${what}:\n${output}`);
  return output;
}

async function lint(folder: string, { path, files }: Tarball): Promise<void> {
  const file = basename(path);
  const lacking = EXPECTED.filter((expected) => !files.includes(expected));
  const unwanted = files.filter((name) => /\.test(-d)?\.|\.tsbuildinfo$/.test(name));
  if (lacking.length > 0) failures.push(`${file} lacks ${lacking.join(', ')}`);
  if (unwanted.length > 0) failures.push(`${file} has ${unwanted.join(', ')}`);
  await demand(folder, `publint ${file}`, ['publint', 'run', path, '--strict']);
  await demand(folder, `attw ${file}`, ['attw', path, '--profile', 'esm-only', '--no-emoji']);
}

async function load(folder: string, { name }: Tarball): Promise<void> {
  const esm = ['--input-type=module', '--eval', `await import('${name}')`];
  const cjs = ['--input-type=commonjs', '--eval', `require('${name}')`];
  await demand(folder, `import ${name}`, ['node', ...esm]);
  await demand(folder, `require ${name}`, ['node', ...cjs]);
}

/** The command as `npx cablecar` starts it: every part of it answers, and soon. */
async function start(folder: string): Promise<void> {
  const path = join(folder, 'node_modules/.bin/cablecar');
  const help = await demand(folder, 'cablecar --help', [path, '--help']);
  const names = Array.from(help.matchAll(/^ {2}([a-z]+) /gm), ([, name = '']) => name);
  if (names.length === 0) failures.push(`cablecar --help lists no commands:\n${help}`);
  const { problems, lines } = await startTimes(folder, path, names);
  for (const line of lines) console.log(line);
  failures.push(...problems);
}

async function compile(folder: string): Promise<void> {
  copyFileSync(join(import.meta.dirname, 'consumer.ts'), join(folder, 'consumer.ts'));
  for (const resolution of RESOLUTIONS) {
    const compilerOptions = {
      ...resolution,
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    );
    await demand(folder, `types under ${resolution.moduleResolution}`, [
      'tsc',
      '-p',
      'tsconfig.json',
    ]);
  }
}

/** Two programs of each form meet. */
async function talk(folder: string): Promise<void> {
  const forms = await makeForms(folder);
  for (const form of FORM_NAMES) {
    const command = [process.execPath, forms[form]];
    const trouble = await meet({ ada: command, bob: command });
    if (trouble !== undefined) failures.push(`two programs by ${form} did not meet:\n${trouble}`);
  }
}

await withFolder(async (folder) => {
  const tarballs = await packAll(folder);
  failures.push(...sizeProblems(tarballs));
  console.log(sizeTable(tarballs));
  await Promise.all([
    ...tarballs.map((tarball) => lint(folder, tarball)),
    makeUserProject(folder, tarballs).then(() =>
      Promise.all([...tarballs.map((tarball) => load(folder, tarball)), compile(folder)]),
    ),
  ]);
  await talk(folder);
  await start(folder);
});
console.log(
  failures.length === 0 ? 'the packages work where they are installed' : failures.join('\n\n'),
);
process.exitCode = failures.length === 0 ? 0 : 1;
