import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Problem } from '../sources.ts';
import { ARROWS, packageOf } from './arrows.ts';

/** Problems of every package's two manifests, as they stand on disk. */
export function readManifestProblems(): Problem[] {
  return Object.keys(ARROWS).flatMap((room) => {
    const folder = join(ROOT, 'packages', room);
    return existsSync(folder)
      ? manifestProblems(
          room,
          read(join(folder, 'package.json')),
          read(join(folder, 'tsconfig.json')),
        )
      : [];
  });
}

/** Our packages as package.json and tsconfig.json name them must be the same, and below their package. */
export function manifestProblems(
  room: string,
  manifest: { readonly dependencies?: Readonly<Record<string, string>> },
  tsconfig: { readonly references?: readonly { readonly path: string }[] },
): Problem[] {
  const dependencies = Object.keys(manifest.dependencies ?? {}).flatMap(
    (name) => packageOf(name) ?? [],
  );
  const references = (tsconfig.references ?? []).map(({ path }) => path.replace(/^\.\.\//, ''));
  const problem = (file: string, sentence: string): Problem => ({
    path: `packages/${room}/${file}`,
    line: 1,
    sentence,
  });
  return [
    ...dependencies
      .filter((name) => !ARROWS[room]?.includes(name))
      .map((name) => problem('package.json', `depends on ${name}, which is not below ${room}`)),
    ...dependencies
      .filter((name) => !references.includes(name))
      .map((name) => problem('tsconfig.json', `does not reference ${name}, a dependency`)),
    ...references
      .filter((name) => !dependencies.includes(name))
      .map((name) => problem('tsconfig.json', `references ${name}, which is no dependency`)),
  ];
}

function read(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}
