import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemAt, ROOT, type Problem, type Source } from '../sources.ts';

const PAGE = 'docs/protocol.md';

/** Problems between the protocol as it is written and the code and tests that cite it. */
export function readCitationProblems(sources: readonly Source[]): Problem[] {
  const path = join(ROOT, PAGE);
  return existsSync(path) ? citationProblems(readFileSync(path, 'utf8'), sources) : [];
}

/**
 * Citations of what the protocol does not have, and what it demands and no test cites.
 * `§5.1` is a section, `§5.1(2)` the second rule of its numbered list.
 */
export function citationProblems(protocol: string, sources: readonly Source[]): Problem[] {
  const places = placesOf(protocol);
  const cited = new Set<string>();
  const problems: Problem[] = [];
  for (const source of sources) {
    if (!/^(packages|test)\//.test(source.path)) continue;
    for (const { 1: label = '', index } of source.text.matchAll(/§(\d+(?:\.\d+)*(?:\(\d+\))?)/g)) {
      if (source.isTest) cited.add(label);
      if (!places.has(label))
        problems.push(problemAt(source, index, `§${label} is nowhere in ${PAGE}`));
    }
  }
  for (const [label, { line, demands }] of places)
    if (demands && !cited.has(label))
      problems.push({ path: PAGE, line, sentence: `§${label} says MUST, and no test cites it` });
  return problems;
}

/** A section or a rule: where it is, and whether it says MUST itself. */
interface Place {
  readonly line: number;
  demands: boolean;
}

function placesOf(protocol: string): Map<string, Place> {
  const places = new Map<string, Place>();
  let section = '';
  let label = '';
  for (const [index, text] of protocol.split('\n').entries()) {
    const heading = /^#{2,}\s+(\d+(?:\.\d+)*)\.?\s/.exec(text)?.[1];
    const rule = /^(\d+)\.\s/.exec(text)?.[1];
    if (heading !== undefined) label = section = heading;
    else if (rule !== undefined) label = `${section}(${rule})`;
    else if (/^\S/.test(text)) label = section; // back from the list
    if (section === '') continue;
    const place = places.get(label) ?? { line: index + 1, demands: false };
    if (/\bMUST\b/.test(text)) place.demands = true;
    places.set(label, place);
  }
  return places;
}
