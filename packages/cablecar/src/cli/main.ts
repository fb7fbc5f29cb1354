import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './exit-codes.ts';
import { Arguments, UsageError } from './flags.ts';
import { helpOf, overview } from './help.ts';
import { EVERY_FLAG } from './shared-flags.ts';
import type { Terminal } from './terminal.ts';
import { ownVersion } from '../version.ts';

/** Does what a command line asks for; resolves with the exit code. Aborting the signal ends it in order. */
export async function main(
  [name, ...words]: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    return answer(name, words, terminal);
  }
  if (name === '--version' || name === '-v') return print(terminal, ownVersion());
  const command = commandOf(name);
  try {
    if (command === undefined) throw new UsageError(`there is no command '${name}'`);
    const args = new Arguments(words, { ...command.flags, ...EVERY_FLAG });
    if (args.has('help')) return print(terminal, helpOf(name, command));
    if (args.positionals.length > command.mostOperands) {
      throw new UsageError(`'${args.positionals.at(-1)}' is one word too many`);
    }
    const { run } = await command.load();
    return await run({ args, terminal, signal });
  } catch (error) {
    if (signal.aborted) return EXIT.interrupted; // whatever was waited for
    return complain(error, name, terminal);
  }
}

/** The overview for who asks for it, or for a command's help. */
function answer(name: string | undefined, [topic = '']: readonly string[], terminal: Terminal) {
  const command = commandOf(topic);
  print(terminal, command === undefined ? overview(COMMANDS) : helpOf(topic, command));
  return name === undefined ? EXIT.usage : EXIT.done;
}

/** What is wrong is said in a sentence; what nobody foresaw keeps its stack. */
function complain(error: unknown, name: string, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.note(`cablecar: ${error.message}`);
    terminal.note(`Try 'cablecar ${commandOf(name) ? `${name} ` : ''}--help'.`);
    return EXIT.usage;
  }
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (typeof code !== 'string' || !code.startsWith('ERR_')) throw error;
  terminal.note(`cablecar: ${message}`);
  return code === 'ERR_OPTION' ? EXIT.usage : EXIT.failed;
}

function commandOf(name: string): Command | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
}

function print(terminal: Terminal, text: string): number {
  terminal.print(text);
  return EXIT.done;
}
