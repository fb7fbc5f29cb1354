import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.ts';
import { ROOT } from '../sources.ts';

/** A package as it would be published. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: readonly string[];
}

/** What `npm pack --json` says of a package. */
interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs every package that is published into a folder; they must have been built. */
export async function packAll(folder: string): Promise<Tarball[]> {
  const workspaces = publicPackages().flatMap((name) => ['--workspace', name]);
  const flags = ['--json', '--loglevel=error', '--pack-destination', folder];
  const { status, output } = await run('npm', ['pack', ...flags, ...workspaces], ROOT);
  if (status !== 0) throw new Error(`npm pack:\n${output}`);
  return Object.values(JSON.parse(output) as Record<string, Packed>).map((packed) => ({
    name: packed.name,
    path: join(folder, packed.filename),
    packedBytes: packed.size,
    unpackedBytes: packed.unpackedSize,
    files: packed.files.map(({ path }) => path),
  }));
}

function publicPackages(): string[] {
  return readdirSync(join(ROOT, 'packages')).flatMap((room) => {
    const text = readFileSync(join(ROOT, 'packages', room, 'package.json'), 'utf8');
    const manifest = JSON.parse(text) as { name: string; private?: boolean };
    return manifest.private ? [] : [manifest.name];
  });
}
