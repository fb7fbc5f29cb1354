import type { Readable, Writable } from 'node:stream';

/** How a piece of text may look. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Where a command writes to: a stream that may be a terminal. */
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** What a command reads from and writes to. */
export interface TerminalStreams {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly output: Output;
  readonly errors: Output;
  /** Whether colours are wanted where they can be shown. */
  readonly colour: boolean;
}

/** What a command reads from and writes to, and how it looks there. */
export class Terminal {
  readonly input: TerminalStreams['input'];
  readonly output: Output;
  readonly #errors: Output;
  readonly #colour: boolean;
  #broken = false;

  constructor({ input, output, errors, colour }: TerminalStreams) {
    this.input = input;
    this.output = output;
    this.#errors = errors;
    this.#colour = colour && output.isTTY === true;
    for (const stream of [output, errors]) stream.on('error', () => (this.#broken = true));
  }

  /** Whether nobody reads what is written any more, as behind `| head`. */
  get broken(): boolean {
    return this.#broken;
  }

  get isInteractive(): boolean {
    return this.output.isTTY === true;
  }

  /** Writes a line of what was asked for; false asks to wait for the output's `drain`. */
  print(line: string): boolean {
    return this.#broken || this.output.write(`${line}\n`);
  }

  /** Writes a value as a line of JSON. */
  printJson(value: unknown): boolean {
    return this.print(jsonText(value));
  }

  /** Writes a line for people, beside what was asked for. */
  note(line: string): void {
    this.#errors.write(`${line}\n`);
  }

  /** The text in a style, where styles can be shown. */
  paint(style: Style, text: string): string {
    const [on, off] = CODES[style];
    return this.#colour ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  }
}

/** A value as JSON on one line, without any character that a terminal would obey. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007F-\u009F\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
