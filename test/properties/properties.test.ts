/** A few cases of each property, and mistakes that each is to find; `npm run properties` tries many. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { DEFECTS, type Defect } from '../simulation/mutation/defects.ts';
import { plant } from '../simulation/mutation/plant.ts';
import { bundleWith } from '../support/bundle.ts';
import { PROPERTIES, tryOut } from './campaign.ts';

const CASES = 5_000;

/** Mistakes, each with the beginning of the property that finds it. */
const MISTAKES: readonly (Defect & { readonly by: string })[] = [
  {
    name: 'a number of eight bytes is read from four',
    file: 'core-protocol/src/message/layout-readers.ts',
    find: 'scratch.setInt32(4, wordAt(bytes, at + 4));',
    put: 'scratch.setInt32(4, wordAt(bytes, at));',
    by: 'a message of any layout',
  },
  {
    name: 'a schema is not asked',
    file: 'core-protocol/src/message/attributes.ts',
    find: 'schema === undefined ? attributes : validated(schema, attributes, name)',
    put: 'attributes',
    by: 'a message that fits its schema',
  },
  {
    name: 'a header in pieces is taken for one of two bytes',
    file: 'core-protocol/src/frame/frame-decoder.ts',
    find: 'this.start = this.#headerBytes;',
    put: 'this.start = 2;',
    by: 'frames are the same',
  },
  { ...(DEFECTS[0] as Defect), by: 'two sessions' },
];

describe('of every message, frame and session it holds that', () => {
  it.each(PROPERTIES)(
    '$name',
    async (property) => {
      const { cases, failure } = await tryOut(property, { cases: CASES, seed: 2 });
      expect(failure).toBeUndefined();
      expect(cases).toBeGreaterThanOrEqual((CASES * property.percent) / 100);
    },
    60_000,
  );

  it('and the properties are a hundred per cent of the cases', () => {
    expect(PROPERTIES.reduce((sum, { percent }) => sum + percent, 0)).toBe(100);
  });
});

it.each(MISTAKES)(
  'a property finds that $name',
  async ({ by, ...mistake }) => {
    const name = `mistake-${MISTAKES.findIndex((one) => one.name === mistake.name)}`;
    const path = await bundleWith('test/properties/programs/properties.ts', name, [plant(mistake)]);
    const child = spawn(process.execPath, [path, '--cases', '2000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const said = await text(child.stdout);
    expect(await exit).toBe(1);
    const [, failure = ''] = said.split(by);
    expect(failure).toMatch(/^[^\n]*\nseed \d+: Property failed/);
  },
  60_000,
);
