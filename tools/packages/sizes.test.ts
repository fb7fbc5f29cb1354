import { describe, expect, it } from 'vitest';
import { sizeProblems, sizeTable } from './sizes.ts';

const KIB = 1024;
const small = { name: 'cablecar', packedBytes: 10 * KIB, unpackedBytes: 20.5 * KIB };

describe('the sizes of the packages', () => {
  it('are nobody’s trouble within their budgets', () => {
    expect(sizeProblems([small])).toEqual([]);
  });

  it('are held against what is fetched and against what is on the disk', () => {
    const large = { ...small, packedBytes: 9_000 * KIB };
    expect(sizeProblems([large])).toEqual([
      expect.stringMatching(/^cablecar is 9000 KiB packed, expected \d+$/),
    ]);
    expect(sizeProblems([{ ...large, unpackedBytes: 9_001 * KIB }])[1]).toMatch(
      /9001 KiB unpacked/,
    );
  });

  it('have a budget, each of them', () => {
    expect(sizeProblems([{ ...small, name: 'new' }])).toEqual(['new has no budget of size']);
  });

  it('are shown beside what they may be', () => {
    expect(sizeTable([small])).toMatch(/`cablecar` \| 10 KiB \| \d+ KiB \| 21 KiB \| \d+ KiB/);
  });
});
