import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../run.ts';
import { ROOT } from '../sources.ts';
import type { Tarball } from './tarballs.ts';

/** What users have beside our packages: the types of Node, a bundler, and for Node 20 what runs TypeScript on it. */
const BESIDE = ['@types/node', 'esbuild', 'tsx'];

/** Makes an empty folder outside the repository for as long as the action takes. */
export async function withFolder<T>(action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cablecar-packages-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a user's project of a folder: the tarballs are installed in it, together. */
export async function makeUserProject(folder: string, tarballs: readonly Tarball[]): Promise<void> {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const flags = ['--no-audit', '--no-fund', '--no-save', '--prefer-offline'];
  const beside = BESIDE.map((name) => `${name}@${ownVersion(name)}`);
  const specs = [...tarballs.map(({ path }) => path), ...beside];
  const { status, output } = await run('npm', ['install', ...flags, ...specs], folder);
  if (status !== 0) throw new Error(`npm install:\n${output}`);
}

/** The version that this repository has of a package. */
function ownVersion(name: string): string {
  const manifest = readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
