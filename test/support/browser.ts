import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';

/** Nothing but the page: no sandbox, since tests run as root, and nothing that asks the network. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--hide-scrollbars',
  '--remote-debugging-pipe', // no port: what is said goes through two pipes
];

interface Reply {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** How a page is opened. */
export interface BrowserOptions {
  /** What the browser is run by, such as `ip netns exec …`. */
  readonly inside: readonly string[];
  readonly width: number;
  readonly height: number;
  /** A script that runs in the page before its own. */
  readonly preload?: string;
}

/** A page in a headless Chromium of its own, driven by the DevTools protocol. */
export class BrowserPage {
  readonly #folder: string = mkdtempSync(join(tmpdir(), 'cablecar-chromium-'));
  readonly #child: ChildProcess;
  readonly #commands: Writable;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #gone: Promise<unknown>;
  #complaints = '';
  #session: string | undefined;
  #calls = 0;

  private constructor(inside: readonly string[], width: number, height: number) {
    const [program = '', ...args] = [...inside, 'chromium', ...FLAGS];
    this.#child = spawn(
      program,
      [...args, `--user-data-dir=${this.#folder}`, `--window-size=${width},${height}`],
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
    );
    this.#gone = once(this.#child, 'close').then(() => this.#end());
    this.#child.stderr?.on('data', (text: Buffer) => (this.#complaints += text.toString()));
    this.#commands = this.#child.stdio[3] as Writable;
    this.#commands.on('error', () => {}); // it has ended, which is told by itself
    let unread = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => {
      const replies = (unread + text).split('\0');
      unread = replies.pop() ?? '';
      for (const reply of replies) this.#hear(JSON.parse(reply) as Reply);
    });
  }

  /** Opens a page that is closed when the test has ended. */
  static async open(
    url: string,
    { inside, width, height, preload = '' }: BrowserOptions,
  ): Promise<BrowserPage> {
    const page = new BrowserPage(inside, width, height);
    onTestFinished(() => page.#close());
    await page.#navigate(url, { width, height, preload });
    return page;
  }

  /** The value of an expression in the page; a promise is awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#call('Runtime.evaluate', options);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value?: unknown }).value;
  }

  /** Waits until an expression is true in the page, looked at in each of its frames. */
  async until(expression: string): Promise<void> {
    await this.evaluate(`new Promise((resolve, reject) => {
      const deadline = performance.now() + 20_000;
      (function look() {
        if (${expression}) resolve(true);
        else if (performance.now() > deadline) reject(new Error(${JSON.stringify(expression)}));
        else requestAnimationFrame(look);
      })();
    })`);
  }

  /** Holds a key down, or lets it go. */
  async key(type: 'keyDown' | 'keyUp', key: string): Promise<void> {
    await this.#call('Input.dispatchKeyEvent', { type, key, code: key });
  }

  /** Types a text where the page has its focus. */
  async type(text: string): Promise<void> {
    await this.#call('Input.insertText', { text });
  }

  /** What it looks like, as a PNG. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#call('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data as string, 'base64');
  }

  async #close(): Promise<void> {
    this.#commands.write(`${JSON.stringify({ id: 0, method: 'Browser.close' })}\0`);
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await this.#gone;
    clearTimeout(force);
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #navigate(
    url: string,
    { width, height, preload }: { width: number; height: number; preload: string },
  ): Promise<void> {
    const { targetId } = await this.#call('Target.createTarget', { url: 'about:blank' });
    const attached = await this.#call('Target.attachToTarget', { targetId, flatten: true });
    this.#session = attached['sessionId'] as string;
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.#call('Emulation.setDeviceMetricsOverride', size);
    await this.#call('Page.enable', {});
    await this.#call('Page.addScriptToEvaluateOnNewDocument', { source: preload });
    await this.#call('Page.navigate', { url });
    await this.until(`location.href !== 'about:blank' && document.readyState === 'complete'`);
  }

  async #call(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    this.#calls += 1;
    const id = this.#calls;
    const command = { id, method, params, sessionId: this.#session };
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.#commands.write(`${JSON.stringify(command)}\0`);
    const { result, error } = await reply;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  #hear(reply: Reply): void {
    if (reply.id === undefined) return; // an event
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }

  #end(): void {
    const error = { message: `chromium has ended\n${this.#complaints}` };
    for (const tell of this.#waiting.values()) tell({ error });
    this.#waiting.clear();
  }
}
