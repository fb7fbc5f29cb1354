import { describe, expect, it } from 'vitest';
import { parseSource } from '../sources.ts';
import { houseProblems } from './house.ts';
import { manifestProblems } from './manifests.ts';
import { pureFiles } from './purity.ts';

/** What is wrong with a house that has these files. */
function sentences(files: Record<string, string>): string[] {
  return houseProblems(Object.entries(files).map(([path, text]) => parseSource(path, text))).map(
    ({ path, line, sentence }) => `${path}:${line} ${sentence}`,
  );
}

describe('arrows', () => {
  it('lets a package import what is below it, and examples import anything', () => {
    expect(
      sentences({
        'packages/discovery/src/a.ts': `import { x } from '@cablecar/core-protocol'; import { y } from './b.ts';`,
        'packages/cablecar/src/a.ts': `export { x } from '@cablecar/discovery';`,
        'examples/a.ts': `import { x } from 'cablecar'; import { y } from '@cablecar/simulator';`,
      }),
    ).toEqual([]);
  });

  it.each([
    ['upward', 'core-protocol', `import { x } from '@cablecar/transport';`],
    ['sideways', 'messenger', `import { x } from '@cablecar/discovery';`],
    ['up to the facade', 'discovery', `import { x } from 'cablecar';`],
    ['types', 'discovery', `import type { X } from '@cablecar/messenger';`],
    ['re-exports', 'discovery', `export { x } from '@cablecar/messenger';`],
    ['types in place', 'discovery', `type X = import('@cablecar/messenger').X;`],
    ['dynamic imports', 'discovery', `const x = () => import('@cablecar/messenger');`],
    ['subpaths', 'discovery', `import { x } from '@cablecar/messenger/dist/x.js';`],
    ['the simulator', 'messenger', `import { x } from '@cablecar/simulator';`],
  ])('refuses an arrow that goes wrong: %s', (_, room, text) => {
    expect(sentences({ [`packages/${room}/src/a.ts`]: text })).toEqual([
      expect.stringContaining(`is not below ${room}`),
    ]);
  });

  it('lets only tests import the simulator', () => {
    const text = `import { World } from '@cablecar/simulator';`;
    expect(sentences({ 'packages/messenger/src/a.test.ts': text })).toEqual([]);
    expect(sentences({ 'packages/messenger/src/a.ts': text })).toHaveLength(1);
  });

  it('refuses an import of the own package, by name or through its index', () => {
    expect(
      sentences({
        'packages/messenger/src/room/a.ts': `import { x } from '@cablecar/messenger';\nimport { y } from '../index.ts';`,
      }),
    ).toEqual([
      `packages/messenger/src/room/a.ts:1 imports its own package by name ('@cablecar/messenger'); import the file`,
      `packages/messenger/src/room/a.ts:2 imports its own index.ts; import the file that has the name`,
    ]);
  });

  it('refuses a relative path into another package, from wherever it starts', () => {
    expect(
      sentences({
        'packages/cablecar/src/a.ts': `import { x } from '../../messenger/src/b.ts';`,
        'test/a.test.ts': `import { x } from '../packages/messenger/src/b.ts';`,
      }),
    ).toEqual([
      expect.stringContaining('leaves its package'),
      expect.stringContaining('reaches into a package'),
    ]);
  });

  it("lets only tests of a package use what tests share in the repository's test folder", () => {
    const text = `import { suite } from '../../../test/compliance/suite.ts';`;
    expect(sentences({ 'packages/transport/src/a.test.ts': text })).toEqual([]);
    expect(sentences({ 'packages/transport/src/a.ts': text })).toHaveLength(1);
  });

  it('refuses manifests that differ from each other or from the arrows', () => {
    const dependencies = { '@cablecar/core-protocol': '^1.0.0', 'p-timeout': '^7.0.0' };
    const references = [{ path: '../core-protocol' }];
    expect(manifestProblems('discovery', { dependencies }, { references })).toEqual([]);
    expect(manifestProblems('discovery', { dependencies }, {})).toHaveLength(1);
    expect(manifestProblems('discovery', {}, { references })).toHaveLength(1);
    const upward = { dependencies: { cablecar: '^1.0.0' } };
    expect(
      manifestProblems('discovery', upward, { references: [{ path: '../cablecar' }] }),
    ).toHaveLength(1);
  });
});

describe('shape', () => {
  it.each(['session-manager', 'string-utils', 'helper', 'peer_info'])(
    'refuses a file name with an empty word: %s',
    (name) => {
      expect(sentences({ [`packages/messenger/src/${name}.ts`]: '' })).toHaveLength(1);
    },
  );

  it('lets words pass that only contain an empty word', () => {
    expect(sentences({ 'packages/messenger/src/database-commons.ts': '' })).toEqual([]);
  });

  it('refuses export *', () => {
    expect(sentences({ 'packages/messenger/src/a.ts': `export * from './b.ts';` })).toHaveLength(1);
  });
});

describe('purity', () => {
  it.each([
    'await work();',
    'for await (const x of y) x();',
    'async function f() { await using x = y; }',
  ])('refuses to wait in core-protocol and in machines: %s', (text) => {
    expect(sentences({ 'packages/core-protocol/src/a.ts': text })).toHaveLength(1);
    expect(sentences({ 'packages/discovery/src/beacon-machine.ts': text })).toHaveLength(1);
    expect(sentences({ 'packages/discovery/src/a.ts': text })).toEqual([]);
    expect(sentences({ 'packages/core-protocol/src/a.test.ts': text })).toEqual([]);
  });

  it('is asked of whatever a machine takes with it at run time, however deep', () => {
    const pure = pureFiles(
      Object.entries({
        'a-machine.ts': `import { b } from './b.ts';\nimport type { D } from './d.ts';`,
        'b.ts': `export { c } from './room/c.ts';`,
        'room/c.ts': '',
        'd.ts': '',
        'a.ts': `import { a } from './a-machine.ts';`,
        'a-machine.test.ts': '',
      }).map(([path, text]) => parseSource(`packages/discovery/src/${path}`, text)),
    );
    expect(pure.map(({ path }) => path.replace('packages/discovery/src/', ''))).toEqual([
      'a-machine.ts',
      'b.ts',
      'room/c.ts',
    ]);
  });
});

describe('docstrings', () => {
  const index = 'packages/messenger/src/index.ts';
  const file = 'packages/messenger/src/a.ts';

  it.each([
    `export class A {}`,
    `export function A() {}`,
    `export const A = 1;`,
    `export type A = 1;`,
    `export interface A {}`,
    `class A {}\nexport { A };`,
    `// not a docstring\nexport class A {}`,
    `/** Of something else. */\nconst B = 1;\nexport class A {}`,
  ])('are asked of every name that users see: %s', (text) => {
    expect(sentences({ [index]: `export { A } from './a.ts';`, [file]: text })).toEqual([
      expect.stringContaining(`'A' is exported to users and has no docstring`),
    ]);
    const documented = text.replace(
      /(export )?(class|function|const A|type|interface)/,
      '/** Is. */ $&',
    );
    expect(sentences({ [index]: `export { A } from './a.ts';`, [file]: documented })).toEqual([]);
  });

  it('are followed through renames and through files on the way', () => {
    expect(
      sentences({
        [index]: `export { A as B } from './a.ts';`,
        [file]: `export { C as A } from './c.ts';`,
        'packages/messenger/src/c.ts': `\nexport const C = 1;`,
      }),
    ).toEqual([expect.stringMatching(/^packages\/messenger\/src\/c\.ts:2 'C' is exported/)]);
  });

  it('are not asked of names that stay inside or belong to another package', () => {
    expect(
      sentences({
        [index]: `export { A } from '@cablecar/core-protocol';`,
        [file]: `export class A {}`,
      }),
    ).toEqual([]);
  });
});
