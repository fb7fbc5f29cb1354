import { bundle } from './bundle.ts';
import { Program } from './program.ts';

/** How `cablecar` is started. */
export interface CommandOptions {
  /** A shell command whose output is piped into it. */
  readonly input?: string;
  /** What it is run by, such as `ip netns exec …`. */
  readonly inside?: readonly string[];
}

/** The words of a command line that runs `cablecar`. */
export async function commandLine(words: readonly string[]): Promise<string[]> {
  return [process.execPath, await bundle('packages/cablecar/src/cli/run.ts'), ...words];
}

/** `cablecar` in a process of its own. */
export async function startCablecar(
  words: readonly string[],
  { input, inside = [] }: CommandOptions = {},
): Promise<Program> {
  const line = await commandLine(words);
  const piped = input === undefined ? line : ['sh', '-c', `${input} | exec "$@"`, 'sh', ...line];
  return new Program(`cablecar ${words.join(' ')}`, [...inside, ...piped]);
}
