import type { Arguments, Flags } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** One call of a command. */
export interface Call {
  readonly args: Arguments;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C, and when the system asks the program to end. */
  readonly signal: AbortSignal;
}

/** What a command does; resolves with the exit code. */
export type Run = (call: Call) => Promise<number>;

/** One command, as far as it is known before it is loaded. */
export interface Command {
  /** One line in the list of commands. */
  readonly summary: string;
  /** What may stand behind its name, beside flags, such as `[PEER]`. */
  readonly operands: string;
  /** How many operands at most. */
  readonly mostOperands: number;
  /** The paragraphs of its help. */
  readonly about: readonly string[];
  readonly flags: Flags;
  /** Loads what the command needs; help and version start without it. */
  load(): Promise<{ readonly run: Run }>;
}
