import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../run.ts';

/** The ways in which users take the packages, and the flags by which their bundler makes a program of each. */
const FORMS = {
  import: { file: 'meet.mjs', flags: ['--bundle', '--packages=external', '--format=esm'] },
  require: { file: 'meet.cjs', flags: ['--bundle', '--packages=external', '--format=cjs'] },
  'one file': { file: 'meet-bundled.mjs', flags: ['--bundle', '--format=esm', '--minify'] },
} as const;

/** A way in which users take the packages. */
export type Form = keyof typeof FORMS;

/** Every way in which users take the packages. */
export const FORM_NAMES = Object.keys(FORMS) as readonly Form[];

/** Makes the program that meets another in every form, in a user's project; answers with the path of each. */
export async function makeForms(folder: string): Promise<Readonly<Record<Form, string>>> {
  const program = join(folder, 'meet.ts'); // there, so that it finds the packages that are installed there
  copyFileSync(join(import.meta.dirname, 'meet.ts'), program);
  for (const { file, flags } of Object.values(FORMS)) {
    const outfile = `--outfile=${join(folder, file)}`;
    await esbuild(folder, program, ...flags, '--platform=node', '--target=node20', outfile);
  }
  return {
    import: join(folder, FORMS.import.file),
    require: join(folder, FORMS.require.file),
    'one file': join(folder, FORMS['one file'].file),
  };
}

/** What a whole program weighs that carries cablecar in one file. */
export function bundledBytes(forms: Readonly<Record<Form, string>>): number {
  return statSync(forms['one file']).size;
}

/** Runs the bundler that the user's project has, upon its packages. */
export async function esbuild(folder: string, ...args: readonly string[]): Promise<void> {
  const program = join(folder, 'node_modules/.bin/esbuild');
  const { status, output } = await run(program, [...args, '--log-level=warning'], folder);
  if (status !== 0) throw new Error(`esbuild ${args.join(' ')}:\n${output}`);
}
