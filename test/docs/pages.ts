import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles, ROOT } from '../../tools/sources.ts';
import { fencesOf, type Fence } from './fences.ts';

/** The fences of every page for users, page by page. */
export function readFences(): Fence[][] {
  return listFiles()
    .filter((path) => /^(README|docs\/.+|packages\/[^/]+\/README)\.md$/.test(path))
    .map((path) => fencesOf(path, readFileSync(join(ROOT, path), 'utf8')));
}
