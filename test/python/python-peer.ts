import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PYTHON_FOLDER } from './environment.ts';

/** One line of peer.py's output: `event` says what happened, `ms` when, and the rest depends on it. */
export interface PythonEvent {
  readonly event: string;
  readonly ms: number;
  readonly [fact: string]: unknown;
}

/** How a Python program is started. */
export interface PythonPeerOptions {
  readonly python: string;
  /** As peer.py documents them. */
  readonly args: readonly string[];
  /** What it is run by, such as `ip netns exec …`. */
  readonly inside?: readonly string[];
}

interface Waiter {
  readonly matches: (event: PythonEvent) => boolean;
  readonly resolve: (event: PythonEvent) => void;
  readonly reject: (error: Error) => void;
}

/** A running peer.py: a program on Python's cable_car. */
export class PythonPeer {
  /** Everything that it has told so far. */
  readonly events: PythonEvent[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<void>;
  #waiters: Waiter[] = [];
  #exited = false;
  #errors = '';

  constructor({ python, args, inside = [] }: PythonPeerOptions) {
    const script = join(PYTHON_FOLDER, 'peer.py');
    const [file = '', ...rest] = [...inside, python, '-B', script, ...args];
    const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    child.stdin.on('error', () => {}); // it may have ended by itself
    createInterface(child.stdout).on('line', (line) => this.#take(JSON.parse(line) as PythonEvent));
    this.#exit = new Promise((resolve) => {
      child.once('error', (error) => (this.#errors += String(error)));
      child.once('close', () => {
        this.#exited = true;
        for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#ended());
        resolve();
      });
    });
  }

  /** The first event of this name that `matches`, past ones included; rejects when the program ends without it. */
  waitFor(
    name: string,
    matches: (event: PythonEvent) => boolean = () => true,
  ): Promise<PythonEvent> {
    const fits = (event: PythonEvent): boolean => event.event === name && matches(event);
    const past = this.events.find(fits);
    if (past !== undefined) return Promise.resolve(past);
    if (this.#exited) return Promise.reject(this.#ended());
    return new Promise((resolve, reject) => {
      this.#waiters.push({ matches: fits, resolve, reject });
    });
  }

  /** Asks it to shut its messengers down and end, and waits until it has. */
  async stop(): Promise<void> {
    this.#child.stdin?.end('stop\n');
    await this.#exit;
  }

  /** Ends it on the spot, as a crash does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Stalls it, as a program in the debugger; `resume()` lets it go on. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  #take(event: PythonEvent): void {
    this.events.push(event);
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.matches(event)) return true;
      waiter.resolve(event);
      return false;
    });
  }

  #ended(): Error {
    const told = this.events.map((event) => JSON.stringify(event)).join('\n');
    return new Error(`peer.py ended; it had told\n${told}\n${this.#errors}`);
  }
}
