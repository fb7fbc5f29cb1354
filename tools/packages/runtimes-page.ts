import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatted } from '../docs/formatted.ts';
import { page, table } from '../docs/markdown.ts';
import { ROOT } from '../sources.ts';
import { sizeTable } from './sizes.ts';
import type { Tarball } from './tarballs.ts';

const PAGE = 'docs/runtimes.md';

/** What one runtime did. */
export interface RuntimeRow {
  readonly name: string;
  readonly version: string;
  /** What each column says; nothing where it did not do what was asked of it. */
  readonly cells: ReadonlyMap<string, string>;
  readonly samples: number;
}

/** Everything that `npm run consumers` finds out. */
export interface ConsumersReport {
  readonly rows: readonly RuntimeRow[];
  readonly columns: readonly string[];
  /** How many samples there are. */
  readonly samples: number;
  /** The version of the Node that every runtime met. */
  readonly here: string;
  readonly tarballs: readonly Tarball[];
  readonly bundledBytes: number;
}

/** Writes docs/runtimes.md. */
export async function writeRuntimesPage(report: ConsumersReport): Promise<void> {
  writeFileSync(join(ROOT, PAGE), await formatted(PAGE, runtimesPage(report)));
}

/** docs/runtimes.md, as Markdown. */
export function runtimesPage(report: ConsumersReport): string {
  const { rows, columns, samples, here, tarballs, bundledBytes } = report;
  return page(
    '# Runtimes and packages',
    '<!-- Written by `npm run consumers -- --write`, from what it saw. Do not edit. -->',
    'cablecar is made for Node 20.19 and later. What is here was tried with the packages as they are published: packed, installed in an empty project, and run from there.',
    '## Runtimes',
    table(
      ['runtime', ...columns, 'samples'],
      rows.map(({ name, version, cells, samples: ran }) => [
        `${name} (${version})`,
        ...columns.map((column) => cells.get(column) ?? '**no**'),
        `${ran} of ${samples}`,
      ]),
    ),
    [
      '- **import, require, one file:** two programs on that runtime meet on loopback, exchange a message and end. They take the packages by `import`, by `require()`, or carry all of it in one file made by esbuild.',
      '- **TypeScript:** the same with the program as it is written, not compiled before. **command:** `cablecar --help`.',
      `- **plain, identity, secret:** the same between a program on that runtime and one on Node ${here}: without encryption, with it, and with a [secret](security.md).`,
      '- **samples:** the whole programs of these pages, each of which must print what its page says.',
    ].join('\n'),
    '## Sizes',
    'What npm fetches for each package and what it then takes on the disk, with the sources for the debugger; and what each may take at most, which `npm run check -- packages` holds.',
    sizeTable(tarballs),
    `The program of the column "one file" weighs ${Math.ceil(bundledBytes / 1024)} KiB, minified, with everything that \`join()\` needs.`,
  );
}
