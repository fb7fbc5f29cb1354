import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../tools/sources.ts';
import type { Fence } from './fences.ts';

/** The npm scripts that a shell fence runs and that no package.json has. */
export function missingScripts({ page, line, words, text }: Fence): string[] {
  if (!['sh', 'bash', 'console'].includes(words[0] ?? '')) return [];
  const commands = text.matchAll(
    /\bnpm (?:run (?:-s )?(\S+)|(start|test)\b)(?:[^&\n]*?(?:-w|--workspace)[ =](\S+))?/g,
  );
  return [...commands].flatMap(([command, named, short, folder = '.']) => {
    const path = join(ROOT, folder, 'package.json');
    const { scripts } = JSON.parse(readFileSync(path, 'utf8')) as { scripts: object };
    return (named ?? short ?? '') in scripts ? [] : [`${page}:${line} ${command}`];
  });
}
