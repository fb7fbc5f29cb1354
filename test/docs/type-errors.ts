import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../tools/run.ts';
import { ROOT } from '../../tools/sources.ts';
import { placeOf, type SampleModule } from './sample-modules.ts';

/** As users compile, against the sources of the packages: strict, but a sample need not use what it declares. */
const TSCONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    isolatedModules: false,
    verbatimModuleSyntax: false,
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
    noEmit: true,
  },
  include: ['*.ts'],
};

/** Makes a folder inside of the repository, where the packages resolve as they do for a user. */
export function makeSampleFolder(): string {
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, 'samples-'));
}

/** Compiles the modules together; what is wrong with them, at the lines of their pages. */
export async function typeErrors(modules: readonly SampleModule[]): Promise<string[]> {
  const folder = makeSampleFolder();
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    for (const { name, text } of modules) writeFileSync(join(folder, name), text);
    const { output } = await run('tsc', ['--pretty', 'false'], folder);
    return modules.flatMap((each) => errorsOf(each, output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiler's words on one module; what it adds to a sentence on further lines is kept. */
function errorsOf(module: SampleModule, output: string): string[] {
  return output.split(/\n(?=\S)/).flatMap((said) => {
    const [, file, line, sentence] = /^(.+?)\((\d+),\d+\): ([^]*)$/.exec(said) ?? [];
    return file === module.name ? [`${placeOf(module, Number(line))} ${sentence}`] : [];
  });
}
