import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../support/program.ts';
import type { LanHost } from './lan-host.ts';

/** What went by. */
export interface Heard {
  /** All bytes of all frames. */
  readonly bytes: Buffer;
  /** Who opened TCP connections to whom. */
  readonly opened: readonly (readonly [from: string, to: string])[];
}

/** Somebody on the LAN who hears every frame, and sends datagrams under any address. */
export class Tap implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'cablecar-tap-'));
  readonly #path = join(this.#folder, 'frames');
  readonly #program: Program;

  private constructor({ inside, cables: [cable] }: LanHost) {
    this.#program = new Program('tap', [
      ...[...inside, 'python3', 'test/network/tap.py'],
      ...[cable?.device ?? '', this.#path],
    ]);
  }

  static async on(host: LanHost): Promise<Tap> {
    const tap = new Tap(host);
    await tap.#program.next(({ kind }) => kind === 'ready');
    return tap;
  }

  send(bytes: Uint8Array, source: string, to: string, port: number): void {
    const hex = Buffer.from(bytes).toString('hex');
    this.#program.tell({ do: 'send', source, to, port, hex });
  }

  /** What has gone by up to now. */
  async heard(): Promise<Heard> {
    this.#program.tell({ do: 'tell' });
    const { opened } = await this.#program.next(({ kind }) => kind === 'told');
    return { bytes: readFileSync(this.#path), opened: opened as Heard['opened'] };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop();
    rmSync(this.#folder, { recursive: true });
  }
}
