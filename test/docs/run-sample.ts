import { patternOf, type Fence } from './fences.ts';
import { runProgram } from './run-program.ts';

/** How long a sample may take to its end. */
export const SAMPLE_TIMEOUT_MS = 30_000;

/**
 * Runs a sample, once it is a program, by a command; answers with what it did that its page does not say. Where it is
 * several programs, the lines of one come in any order among those of the others.
 */
export async function runSample(
  { words, output: expected }: Fence,
  command: readonly string[],
): Promise<string | undefined> {
  const names = words.slice(words.indexOf('run') + 1);
  const isAlone = names.length === 0;
  const ran = await runProgram(command, isAlone ? ['somebody'] : names, SAMPLE_TIMEOUT_MS);
  const { status, output } = ran;
  if (status !== 0) return `ended with ${status}:\n${output}`;
  if (expected === undefined) return undefined;
  const inOrder = (text: string): string =>
    isAlone ? text : text.trim().split('\n').sort().join('\n');
  if (patternOf(inOrder(expected)).test(inOrder(output))) return undefined;
  return `printed:\n${output}\nexpected:\n${expected}`;
}
