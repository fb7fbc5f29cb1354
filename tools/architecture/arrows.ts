import { problemAt, type Problem, type Source } from '../sources.ts';
import { importsOf, type Import } from './imports.ts';

/** Which packages each package may import: downward only, never sideways. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'core-protocol': [],
  transport: ['core-protocol'],
  simulator: ['core-protocol'],
  discovery: ['core-protocol', 'transport'],
  messenger: ['core-protocol', 'transport'],
  cablecar: ['core-protocol', 'transport', 'discovery', 'messenger'],
};

/** The simulator is handed in by tests, ours and our users'; nothing that runs without them knows it. */
const FOR_TESTS = ['simulator'];

/** Explorers and fuzzers take rules out of their shells, which nobody else may. */
const PROOFS = ['test/fuzz/', 'test/simulation/'];

/** Every import of a source that breaks an arrow, names its own index, or reaches into another package's files. */
export function arrowProblems(source: Source): Problem[] {
  return importsOf(source).flatMap((found) => {
    const sentence = wrongPath(source, found) ?? wrongPackage(source, found);
    return sentence === undefined ? [] : [problemAt(source, found.start, sentence)];
  });
}

/** The folder in `packages/` that a specifier names, if it names one of ours. */
export function packageOf(specifier: string): string | undefined {
  const [, scoped, facade] = /^(?:@cablecar\/([^/]+)|(cablecar))(?:\/|$)/.exec(specifier) ?? [];
  return scoped ?? facade;
}

function wrongPackage({ room, isTest }: Source, { specifier }: Import): string | undefined {
  const target = packageOf(specifier);
  if (room === undefined || target === undefined) return undefined;
  if (target === room) return `imports its own package by name ('${specifier}'); import the file`;
  const allowed = [...(ARROWS[room] ?? []), ...(isTest ? FOR_TESTS : [])];
  if (allowed.includes(target)) return undefined;
  const expected = allowed.length === 0 ? 'none of our packages' : allowed.join(', ');
  return `'${specifier}' is not below ${room}, which may import ${expected}`;
}

function wrongPath(source: Source, { specifier, path }: Import): string | undefined {
  const { room, isTest } = source;
  if (path === undefined) return undefined;
  if (PROOFS.some((folder) => source.path.startsWith(folder))) return undefined;
  const targetRoom = /^packages\/([^/]+)\//.exec(path)?.[1];
  if (room === undefined && targetRoom !== undefined)
    return `'${specifier}' reaches into a package; import it by name`;
  if (isTest && path.startsWith('test/')) return undefined; // what tests share
  if (targetRoom !== room) return `'${specifier}' leaves its package; import by package name`;
  if (room !== undefined && path === `packages/${room}/src/index.ts`)
    return 'imports its own index.ts; import the file that has the name';
  return undefined;
}
