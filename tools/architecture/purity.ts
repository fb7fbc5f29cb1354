import { Visitor } from 'oxc-parser';
import { problemAt, type Problem, type Source } from '../sources.ts';
import { importsOf } from './imports.ts';

/**
 * The files that must do without sockets, clocks and chance: core-protocol, every machine, and whatever of its own
 * package a machine takes with it at run time. The linter checks them by `purity.oxlintrc.json`.
 */
export function pureFiles(sources: readonly Source[]): Source[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const pure = new Set<Source>();
  const add = (source: Source | undefined): void => {
    if (source === undefined || pure.has(source)) return;
    pure.add(source);
    for (const { path, typeOnly } of importsOf(source))
      if (path !== undefined && !typeOnly) add(byPath.get(path));
  };
  for (const source of sources)
    if (!source.isTest && (source.room === 'core-protocol' || source.path.endsWith('-machine.ts')))
      add(source);
  return [...pure];
}

/** Waiting in a pure file, which no rule of the linter forbids. */
export function awaitProblems(sources: readonly Source[]): Problem[] {
  return pureFiles(sources).flatMap((source) => {
    const problems: Problem[] = [];
    const note = ({ start }: { start: number }): void => {
      problems.push(
        problemAt(source, start, "'await' in a pure file; what is waited for comes as an input"),
      );
    };
    new Visitor({
      AwaitExpression: note,
      ForOfStatement: (node) => {
        if (node.await) note(node);
      },
      VariableDeclaration: (node) => {
        if (node.kind === 'await using') note(node);
      },
    }).visit(source.program);
    return problems;
  });
}
