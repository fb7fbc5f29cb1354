import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../sources.ts';

/** A text as prettier writes it in a file, whose path is relative to the root. */
export async function formatted(path: string, text: string): Promise<string> {
  const filepath = join(ROOT, path);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}
