import type { TSInterfaceDeclaration, TSPropertySignature } from 'oxc-parser';
import { docstringBefore, problemAt, type Problem, type Source } from '../sources.ts';

/** One option as it is documented. */
export interface Option {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly meaning: string;
  /** What `@default` says, without its range; empty where it says nothing. */
  readonly fallback: string;
  readonly range: string;
}

/** One exported interface of an options.ts. */
export interface OptionsInterface {
  readonly name: string;
  readonly room: string;
  readonly meaning: string;
  readonly parents: readonly string[];
  readonly options: readonly Option[];
}

/** The options that a source declares; none if it is no options.ts of a package. */
export function optionsOf(source: Source): OptionsInterface[] {
  const { room } = source;
  if (room === undefined) return [];
  return declarationsOf(source).map((declaration) => ({
    name: declaration.id.name,
    room,
    meaning: describe(docstringBefore(source, exportStart(source, declaration)) ?? '').meaning,
    parents: declaration.extends.map(({ start, end }) => source.text.slice(start, end)),
    options: fieldsOf(declaration).map((field) => readOption(source, field)),
  }));
}

/** Options of which the page could not say what they mean or what holds without them. */
export function optionProblems(source: Source): Problem[] {
  return declarationsOf(source).flatMap((declaration) =>
    fieldsOf(declaration).flatMap((field) => {
      const { name, required, meaning, fallback } = readOption(source, field);
      if (meaning === '')
        return [problemAt(source, field.start, `option '${name}' has no docstring`)];
      if (required || fallback !== '') return [];
      return [problemAt(source, field.start, `option '${name}' does not say its @default`)];
    }),
  );
}

function declarationsOf({ path, room, program }: Source): TSInterfaceDeclaration[] {
  if (room === undefined || !path.endsWith('/options.ts')) return [];
  return program.body.flatMap((statement) =>
    statement.type === 'ExportNamedDeclaration' &&
    statement.declaration?.type === 'TSInterfaceDeclaration' &&
    statement.declaration.id.name.endsWith('Options') &&
    !statement.declaration.id.name.startsWith('Resolved')
      ? [statement.declaration]
      : [],
  );
}

function exportStart({ program }: Source, declaration: TSInterfaceDeclaration): number {
  return program.body.find(
    ({ start, end }) => start <= declaration.start && declaration.end <= end,
  )!.start;
}

function fieldsOf(declaration: TSInterfaceDeclaration): TSPropertySignature[] {
  return declaration.body.body.filter((member) => member.type === 'TSPropertySignature');
}

function readOption(source: Source, field: TSPropertySignature): Option {
  const { start, end } = field.typeAnnotation?.typeAnnotation ?? { start: 0, end: 0 };
  return {
    name: source.text.slice(field.key.start, field.key.end),
    type: source.text.slice(start, end).replaceAll(/\s+/g, ' ').replace(/^\| /, ''),
    required: !field.optional,
    ...describe(docstringBefore(source, field.start) ?? ''),
  };
}

/**
 * Splits a docstring into its sentences and its `@default value (range …)` or `@default value (values)`. What is required
 * has no default, and its range behind its sentences.
 */
function describe(docstring: string): Pick<Option, 'meaning' | 'fallback' | 'range'> {
  const [prose = '', ...tags] = docstring.split(/^@|\s@(?=default)/m);
  const tag = tags.find((text) => text.startsWith('default'))?.replace(/^default\s*/, '') ?? '';
  const [, fallback = '', range = ''] =
    /^(.*?)(?:\s+\((?:range )?(.*)\))?$/s.exec(tag.trim()) ?? [];
  const [, meaning = '', ownRange = ''] = /^(.*?)(?:\s+\(range (.*)\))?$/s.exec(prose.trim()) ?? [];
  return {
    meaning: meaning.replaceAll(/\{@link (\w+)\}/g, '`$1`'),
    fallback,
    range: range || ownRange,
  };
}
