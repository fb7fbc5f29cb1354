// Whether the packages work for those who install them: packed as for publishing, checked by publint and attw,
// installed together in an empty project, imported, required, and compiled against.
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from '../run.ts';
import { ROOT } from '../sources.ts';

/** Where a user's compiler looks for types: the two ways that know `exports`. */
const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
];

/** What every tarball has. */
const EXPECTED = ['package/README.md', 'package/LICENSE', 'package/dist/index.js'];

const folder = mkdtempSync(join(tmpdir(), 'cablecar-packages-'));
const failures: string[] = [];

/** Runs one program of the check; what it says is kept if it fails. */
async function demand(what: string, program: string, ...args: string[]): Promise<string> {
  const { status, output } = await run(program, args, folder);
  if (status !== 0) failures.push(`${what}:\n${output}`);
  return output;
}

/** The names of the packages that are published. */
function publicPackages(): string[] {
  return readdirSync(join(ROOT, 'packages')).flatMap((room) => {
    const text = readFileSync(join(ROOT, 'packages', room, 'package.json'), 'utf8');
    const manifest = JSON.parse(text) as { name: string; private?: boolean };
    return manifest.private ? [] : [manifest.name];
  });
}

/** Packs the packages into the folder; answers with the paths of the tarballs. */
async function pack(names: readonly string[]): Promise<string[]> {
  const workspaces = names.flatMap((name) => ['--workspace', name]);
  const { output } = await run('npm', ['pack', '--pack-destination', folder, ...workspaces], ROOT);
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (tarballs.length !== names.length) failures.push(`npm pack:\n${output}`);
  return tarballs.map((name) => join(folder, name));
}

async function lint(tarball: string): Promise<void> {
  const files = (await demand(`tar ${basename(tarball)}`, 'tar', '-tf', tarball)).split('\n');
  const lacking = EXPECTED.filter((path) => !files.includes(path));
  const unwanted = files.filter((path) => /\.test(-d)?\.|\.tsbuildinfo$/.test(path));
  if (lacking.length > 0) failures.push(`${basename(tarball)} lacks ${lacking.join(', ')}`);
  if (unwanted.length > 0) failures.push(`${basename(tarball)} has ${unwanted.join(', ')}`);
  await demand(`publint ${basename(tarball)}`, 'publint', 'run', tarball, '--strict');
  await demand(`attw ${basename(tarball)}`, 'attw', tarball, '--profile', 'esm-only', '--no-emoji');
}

/** A user's project: the tarballs, the types of Node, and a small program. */
async function install(tarballs: readonly string[]): Promise<void> {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const { version } = JSON.parse(
    readFileSync(join(ROOT, 'node_modules/@types/node/package.json'), 'utf8'),
  ) as { version: string };
  const flags = ['--no-audit', '--no-fund', '--no-save', '--prefer-offline'];
  await demand('npm install', 'npm', 'install', ...flags, ...tarballs, `@types/node@${version}`);
}

async function load(name: string): Promise<void> {
  const esm = `await import('${name}')`;
  await demand(`import ${name}`, 'node', '--input-type=module', '--eval', esm);
  await demand(`require ${name}`, 'node', '--input-type=commonjs', '--eval', `require('${name}')`);
}

async function compile(): Promise<void> {
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
    await demand(`types under ${resolution.moduleResolution}`, 'tsc', '-p', 'tsconfig.json');
  }
}

try {
  const names = publicPackages();
  const tarballs = await pack(names);
  await Promise.all([
    ...tarballs.map(lint),
    install(tarballs).then(() => Promise.all([...names.map(load), compile()])),
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  failures.length === 0 ? 'the packages work where they are installed' : failures.join('\n\n'),
);
process.exitCode = failures.length === 0 ? 0 : 1;
