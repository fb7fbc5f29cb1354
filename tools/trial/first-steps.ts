import { fencesOf, type Fence } from '../../test/docs/fences.ts';
import { isProgram } from '../../test/docs/sample-modules.ts';

/** What a page has a newcomer do first. */
export interface FirstSteps {
  /** The command that installs cablecar. */
  readonly install: string;
  readonly program: Fence;
  /** What the page says to save the program as. */
  readonly file: string;
}

/** Reads a page as a newcomer does: the first program, the name of its file, how to install, how to start. */
export function firstSteps(page: string, text: string): FirstSteps {
  const fences = fencesOf(page, text);
  const program = fences.find(isProgram);
  const file = /[Ss]ave (?:it|this) as `([^`]+)`/.exec(text)?.[1];
  const lines = fences.filter(({ words }) => words[0] === 'sh').flatMap(linesOf);
  const install = lines.find((line) => /^npm install .*\bcablecar$/.test(line));
  const starts = program?.words.slice(2).map((name) => `node ${file} ${name}`) ?? [];
  const unsaid = starts.filter((start) => !lines.some((line) => line.startsWith(start)));
  if (program === undefined || file === undefined || install === undefined || unsaid.length > 0)
    throw new Error(`${page} does not say what to save, what to install, or ${unsaid.join(', ')}`);
  if (!text.includes(`npx tsx ${file}`))
    throw new Error(`${page} does not say what to do on Node 20`);
  return { install, program, file };
}

/** How README.md has a clone installed and started. */
export function startOfClone(text: string): readonly [install: string, start: string] {
  const lines = fencesOf('README.md', text).flatMap(linesOf);
  const [, install, start] = lines.join('\n').match(/^(npm ci) && (npm start)\b/m) ?? [];
  if (install === undefined || start === undefined)
    throw new Error('README.md does not say how a clone is started');
  return [install, start];
}

function linesOf({ text }: Fence): string[] {
  return text.trim().split('\n');
}
