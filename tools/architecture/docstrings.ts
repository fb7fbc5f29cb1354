import { dirname, join } from 'node:path/posix';
import type { Statement } from 'oxc-parser';
import { docstringBefore, problemAt, type Problem, type Source } from '../sources.ts';

/** Every name that an index.ts of a package exports and that has no docstring where it is declared. */
export function docstringProblems(sources: readonly Source[]): Problem[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return sources
    .filter(
      ({ path, room }) =>
        room !== undefined && /^packages\/[^/]+\/src\/([^/]+\/)?index\.ts$/.test(path),
    )
    .flatMap((index) => exportedNames(index).flatMap((name) => undocumented(index, name, byPath)));
}

function exportedNames({ module }: Source): string[] {
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ exportName }) => exportName.name ?? []);
}

/** Follows a name through re-exports of its package to its declaration; other packages answer for their own names. */
function undocumented(
  source: Source,
  name: string,
  byPath: ReadonlyMap<string, Source>,
): Problem[] {
  const entry = source.module.staticExports
    .flatMap(({ entries }) => entries)
    .find(({ exportName }) => exportName.name === name);
  const from = entry?.moduleRequest?.value;
  if (from?.startsWith('.')) {
    const next = byPath.get(join(dirname(source.path), from));
    return next === undefined ? [] : undocumented(next, entry?.importName.name ?? name, byPath);
  }
  if (from !== undefined) return [];
  const local = entry?.localName.name ?? name;
  const declared = source.program.body.filter((statement) => declares(statement, local));
  const [first] = declared;
  if (first === undefined) return []; // imported, then exported: the linter asks for `export … from`
  if (declared.some(({ start }) => docstringBefore(source, start) !== undefined)) return [];
  return [problemAt(source, first.start, `'${name}' is exported to users and has no docstring`)];
}

function declares(statement: Statement, name: string): boolean {
  const declaration =
    statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.some(({ id }) => id.type === 'Identifier' && id.name === name);
  return (
    declaration !== null &&
    'id' in declaration &&
    declaration.id?.type === 'Identifier' &&
    declaration.id.name === name
  );
}
