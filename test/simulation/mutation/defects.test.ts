import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFECTS } from './defects.ts';

it.each(DEFECTS)('a place is there for: $name', ({ file, find }) => {
  const source = readFileSync(new URL(`../../../packages/${file}`, import.meta.url), 'utf8');
  expect(source.split(find)).toHaveLength(2);
});
