import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const GRACE_MS = 2000;

/** One JSON value that a program printed on a line of its own. */
export type Line = Readonly<Record<string, unknown>>;

/**
 * A program in a process of its own. It talks in lines of JSON: each that it prints can be waited for, each that it is
 * told comes on its standard input.
 */
export class Program {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Line[] = [];
  readonly #printed: Line[] = [];
  readonly #exited: Promise<number | null>;
  #complaints = '';
  #ended = false;
  #wake: () => void = () => {};

  /** Runs a command: its program, then its arguments. `name` is for people. */
  constructor(name: string, [program = '', ...args]: readonly string[]) {
    this.#name = name;
    this.#child = spawn(program, args, { cwd: REPOSITORY });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaints += text));
    this.#child.stdin.on('error', () => {}); // it may have ended before it heard
    this.#child.on('error', (error) => (this.#complaints += String(error)));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line));
    this.#exited = once(this.#child, 'close').then(([code]: (number | null)[]) => {
      this.#ended = true;
      this.#wake();
      return code ?? null;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves with its exit code once it has ended, null where a signal ended it. */
  get exited(): Promise<number | null> {
    return this.#exited;
  }

  /** Every line up to now, also those that were waited for. */
  get printed(): readonly Line[] {
    return this.#printed;
  }

  /** What the program wrote to its standard error, and what it printed that is not JSON. */
  get complaints(): string {
    return this.#complaints;
  }

  /** The next line that fits; lines before it are skipped. Rejects when time is up or the program has ended. */
  async next(
    fits: (line: Line) => boolean = () => true,
    { timeoutMs = 30_000 }: { readonly timeoutMs?: number } = {},
  ): Promise<Line> {
    const deadline = performance.now() + timeoutMs;
    const skipped: Line[] = [];
    for (;;) {
      for (let line; (line = this.#lines.shift()) !== undefined; skipped.push(line)) {
        if (fits(line)) return line;
      }
      if (this.#ended) throw this.#failure('ended before it printed what was waited for', skipped);
      if (!(await this.#moreWithin(deadline - performance.now()))) {
        throw this.#failure(`did not print what was waited for in ${timeoutMs} ms`, skipped);
      }
    }
  }

  /** Every line, until the program ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Line, void, void> {
    for (;;) {
      for (let line; (line = this.#lines.shift()) !== undefined;) yield line;
      if (this.#ended) return;
      await this.#moreWithin(Infinity);
    }
  }

  /** Gives the program a line on its standard input. */
  tell(line: Line): void {
    this.type(JSON.stringify(line));
  }

  /** Gives the program a line of any text on its standard input. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Sends a signal, such as SIGSTOP, SIGCONT or SIGKILL. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends the program, by force if it does not go; resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#child.kill('SIGTERM');
    this.#child.kill('SIGCONT');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    await this.#exited;
    clearTimeout(force);
  }

  #read(line: string): void {
    try {
      const value = JSON.parse(line) as Line;
      this.#lines.push(value);
      this.#printed.push(value);
    } catch {
      this.#complaints += `${line}\n`;
    }
    this.#wake();
  }

  /** False when nothing came in time. One waits at a time. */
  #moreWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(() => resolve(false), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #failure(what: string, skipped: readonly Line[]): Error {
    const lines = skipped.map((line) => JSON.stringify(line)).join('\n');
    return new Error(
      `${this.#name} ${what}\nit printed:\n${lines}\nand complained:\n${this.#complaints}`,
    );
  }
}
