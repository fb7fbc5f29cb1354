import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, type Comment, type EcmaScriptModule, type Program } from 'oxc-parser';

/** The root of the repository. */
export const ROOT: string = join(import.meta.dirname, '..');

/** A TypeScript file of the repository, parsed once for everybody. */
export interface Source {
  /** Relative to the root, with `/` on every system. */
  readonly path: string;
  readonly text: string;
  /** The name of the folder in `packages/`, for files of its `src`. */
  readonly room: string | undefined;
  /** Whether the file is a test or a type test. */
  readonly isTest: boolean;
  readonly program: Program;
  readonly module: EcmaScriptModule;
  readonly comments: readonly Comment[];
}

/** Something that the house does not allow, and where. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly sentence: string;
}

/** Every file that is or may be committed, relative to the root. */
export function listFiles(): string[] {
  const listed = execFileSync(
    'git',
    ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

/** Every TypeScript file of the repository, parsed. */
export function readSources(): Source[] {
  return listFiles()
    .filter((path) => /\.[cm]?ts$/.test(path))
    .map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Parses one file; the path says where in the house it stands and need not exist. */
export function parseSource(path: string, text: string): Source {
  const { program, module, comments } = parseSync(path, text);
  return {
    path,
    text,
    room: /^packages\/([^/]+)\/src\//.exec(path)?.[1],
    isTest: /\.test(-d)?\.ts$/.test(path),
    program,
    module,
    comments,
  };
}

/** A problem at an offset of a source. */
export function problemAt(source: Source, offset: number, sentence: string): Problem {
  const line = source.text.slice(0, offset).split('\n').length;
  return { path: source.path, line, sentence };
}

/** The docstring that stands directly before an offset, without its stars; undefined where there is none. */
export function docstringBefore(source: Source, offset: number): string | undefined {
  const comment = source.comments.findLast(
    ({ end }) => end <= offset && source.text.slice(end, offset).trim() === '',
  );
  if (comment?.type !== 'Block' || !comment.value.startsWith('*')) return undefined;
  return comment.value
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}
