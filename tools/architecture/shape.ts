import { basename } from 'node:path/posix';
import { problemAt, type Problem, type Source } from '../sources.ts';

/** Words that say nothing about what is in a file. */
const EMPTY_WORDS = new Set(
  'packet packets manager util utils helper helpers misc common data info'.split(' '),
);

/** A file name with a word that could stand on anything. */
export function fileNameProblems({ path }: Source): Problem[] {
  const words = basename(path).replace(/\..*$/, '').split(/[-_]/);
  return words
    .filter((word) => EMPTY_WORDS.has(word.toLowerCase()))
    .map((word) => ({
      path,
      line: 1,
      sentence: `'${word}' in a file name says nothing; name the one concept that is in the file`,
    }));
}

/** `export *`, which hides from readers and tools what a file exports. */
export function exportStarProblems(source: Source): Problem[] {
  return source.program.body
    .filter(({ type }) => type === 'ExportAllDeclaration')
    .map(({ start }) =>
      problemAt(source, start, "'export *' hides what is exported; list the names"),
    );
}
