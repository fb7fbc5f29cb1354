import { table } from '../docs/markdown.ts';
import type { Tarball } from './tarballs.ts';

const KIB = 1024;

/** What a user fetches and what is then on the disk, in KiB; to be raised with a reason, and never by the way. */
const BUDGETS: Readonly<Record<string, readonly [packed: number, unpacked: number]>> = {
  cablecar: [380, 1450],
  '@cablecar/core-protocol': [190, 800],
  '@cablecar/discovery': [230, 1000],
  '@cablecar/messenger': [130, 580],
  '@cablecar/simulator': [140, 600],
  '@cablecar/transport': [70, 260],
};

/** Every package that is larger than its budget, or has none. */
export function sizeProblems(tarballs: readonly Sized[]): string[] {
  return tarballs.flatMap(({ name, packedBytes, unpackedBytes }) => {
    const budget = BUDGETS[name];
    if (budget === undefined) return [`${name} has no budget of size`];
    const sizes = [packedBytes / KIB, unpackedBytes / KIB] as const;
    return (['packed', 'unpacked'] as const).flatMap((what, index) =>
      sizes[index]! <= budget[index]!
        ? []
        : [`${name} is ${Math.ceil(sizes[index]!)} KiB ${what}, expected ${budget[index]}`],
    );
  });
}

/** What each package weighs, beside what it may. */
export function sizeTable(tarballs: readonly Sized[]): string {
  return table(
    ['package', 'packed', 'at most', 'unpacked', 'at most'],
    tarballs.map(({ name, packedBytes, unpackedBytes }) => {
      const [packed, unpacked] = BUDGETS[name] ?? [0, 0];
      return [
        `\`${name}\``,
        kib(packedBytes),
        `${packed} KiB`,
        kib(unpackedBytes),
        `${unpacked} KiB`,
      ];
    }),
  );
}

/** A package, as far as its size is concerned. */
type Sized = Pick<Tarball, 'name' | 'packedBytes' | 'unpackedBytes'>;

function kib(bytes: number): string {
  return `${Math.ceil(bytes / KIB)} KiB`;
}
