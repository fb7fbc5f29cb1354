import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Problem, type Source } from '../sources.ts';
import { errorsPage } from './errors-page.ts';
import { formatted } from './formatted.ts';
import { limitsPage } from './limits-page.ts';
import { machinesPage } from './machines-page.ts';
import { optionsPage } from './options-page.ts';
import { troubleshootingPage } from './troubleshooting-page.ts';

/** The pages that are made from the sources. */
const PAGES: Readonly<Record<string, (sources: readonly Source[]) => Promise<string>>> = {
  'docs/errors.md': errorsPage,
  'docs/limits.md': limitsPage,
  'docs/options.md': optionsPage,
  'docs/state-machines.md': machinesPage,
  'docs/troubleshooting.md': troubleshootingPage,
};

/** Writes every generated page; answers with those that changed. */
export async function writePages(sources: readonly Source[]): Promise<string[]> {
  const stale = await staleTexts(sources);
  for (const [path, text] of stale) writeFileSync(join(ROOT, path), text);
  return [...stale.keys()];
}

/** Every generated page that differs from what the sources say. */
export async function stalePages(sources: readonly Source[]): Promise<Problem[]> {
  return [...(await staleTexts(sources)).keys()].map((path) => ({
    path,
    line: 1,
    sentence: 'differs from the sources it is made of; run `npm run docs:generate`',
  }));
}

async function staleTexts(sources: readonly Source[]): Promise<Map<string, string>> {
  const stale = new Map<string, string>();
  for (const [path, render] of Object.entries(PAGES)) {
    const file = join(ROOT, path);
    const text = await formatted(path, await render(sources));
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) stale.set(path, text);
  }
  return stale;
}
