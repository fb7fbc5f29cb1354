import { dirname, join } from 'node:path/posix';
import { Visitor } from 'oxc-parser';
import type { Source } from '../sources.ts';

/** One import, re-export, `import()` or `import('…').Type` of a file. */
export interface Import {
  readonly specifier: string;
  /** The file of the repository that a relative specifier names. */
  readonly path: string | undefined;
  readonly start: number;
  /** Whether nothing is left of it at run time. */
  readonly typeOnly: boolean;
}

/** Every import of a source, in whatever form. */
export function importsOf({ path, program }: Source): Import[] {
  const found: Import[] = [];
  const note = (from: { value: unknown; start: number } | null, typeOnly: boolean): void => {
    if (typeof from?.value !== 'string') return;
    const specifier = from.value;
    const target = specifier.startsWith('.') ? join(dirname(path), specifier) : undefined;
    found.push({ specifier, path: target, start: from.start, typeOnly });
  };
  new Visitor({
    ImportDeclaration: (node) => note(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => note(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => note(node.source, node.exportKind === 'type'),
    ImportExpression: ({ source }) => note('value' in source ? source : null, false),
    TSImportType: ({ source }) => note(source, true),
  }).visit(program);
  return found;
}
