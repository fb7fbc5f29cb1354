import { parseArgs } from 'node:util';

/** One flag of a command. */
export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for its value in the help, such as `NAME`. */
  readonly value?: string;
  readonly about: string;
}

/** Flags by their names, without the dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** Something was asked for in a way that cannot be understood; the sentence says what was expected. */
export class UsageError extends Error {}

/** What stood on the command line behind the name of the command. */
export class Arguments {
  readonly positionals: readonly string[];
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  /** @throws {UsageError} when there is a flag that the command does not know, or one without its value */
  constructor(words: readonly string[], flags: Flags) {
    try {
      const options = Object.fromEntries(
        Object.entries(flags).map(([name, { type, short }]) => [
          name,
          short === undefined ? { type } : { type, short },
        ]),
      );
      const { values, positionals } = parseArgs({
        args: [...words],
        options,
        allowPositionals: true,
      });
      this.#values = values;
      this.positionals = positionals;
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  }

  /** Whether a flag without a value is there. */
  has(name: string): boolean {
    return this.#values[name] === true;
  }

  /** A flag's value. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /**
   * A flag's value as a whole number.
   * @throws {UsageError} when it is none, or beyond the range
   */
  whole(name: string, { low, high }: { low: number; high: number }): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
    throw new UsageError(`--${name} is '${text}', expected a whole number from ${low} to ${high}`);
  }

  /**
   * A flag's value, in seconds, as milliseconds.
   * @throws {UsageError} when it is no number above 0
   */
  seconds(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() !== '' && value > 0 && value <= 86_400) return value * 1000;
    throw new UsageError(`--${name} is '${text}', expected seconds above 0, at most 86400`);
  }
}
