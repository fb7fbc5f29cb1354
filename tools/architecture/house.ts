import type { Problem, Source } from '../sources.ts';
import { arrowProblems } from './arrows.ts';
import { docstringProblems } from './docstrings.ts';
import { awaitProblems } from './purity.ts';
import { exportStarProblems, fileNameProblems } from './shape.ts';

/** Everything in the sources that the house does not allow and no linter knows of. */
export function houseProblems(sources: readonly Source[]): Problem[] {
  const ofPackages = sources.filter(({ room }) => room !== undefined);
  return [
    ...sources.flatMap(arrowProblems),
    ...sources.flatMap(fileNameProblems),
    ...ofPackages.flatMap(exportStarProblems),
    ...awaitProblems(ofPackages),
    ...docstringProblems(sources),
  ];
}
