import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** The size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal in which one program runs, and that can be looked at: a server of tmux of its own. */
export class TmuxTerminal {
  readonly #folder = mkdtempSync(join(tmpdir(), 'cablecar-tmux-'));

  private constructor(command: readonly string[], { columns, rows }: TerminalSize) {
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...command);
  }

  /** Opens a terminal that is closed when the test has ended. */
  static open(command: readonly string[], size: TerminalSize): TmuxTerminal {
    const terminal = new TmuxTerminal(command, size);
    onTestFinished(() => terminal.#close());
    return terminal;
  }

  /** What it shows now. */
  get text(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** Whether the program still runs. */
  get isOpen(): boolean {
    try {
      this.#tmux('has-session');
      return true;
    } catch {
      return false;
    }
  }

  /** Waits until what it shows fits, and gives it. */
  async shows(fits: (text: string) => boolean, timeoutMs = 20_000): Promise<string> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const { text } = this;
      if (fits(text)) return text;
      if (performance.now() > deadline)
        throw new Error(`in ${timeoutMs} ms it came only to:\n${text}`);
      await setTimeout(50);
    }
  }

  /** Waits until the program has ended. */
  async ended(timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.isOpen) {
      if (performance.now() > deadline) throw new Error(`it still shows:\n${this.text}`);
      await setTimeout(50);
    }
  }

  /** Presses a key, by the name that tmux has for it. */
  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  #close(): void {
    if (this.isOpen) this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-S', join(this.#folder, 'socket'), ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }
}
