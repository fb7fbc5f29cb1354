/** Short soaks; `npm run soak` runs long ones. Each in a process of its own, so that everything in it can be counted. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { bundle, bundleWith } from '../support/bundle.ts';
import type { Defect } from './mutation/defects.ts';
import { plant } from './mutation/plant.ts';

const PROGRAM = 'test/simulation/programs/soak.ts';
const SIMULATED = ['--hours', '1'];
const REAL = ['--real', '0.1', '--trouble', '3'];

/** Leaks that a soak is to notice. */
const LEAKS: readonly (Defect & { readonly args: readonly string[]; readonly by: string })[] = [
  {
    name: 'a listener that is not taken off',
    file: 'cablecar/src/merged-stream.ts',
    find: `this.#signal?.removeEventListener('abort', this.#abort);`,
    put: '',
    args: SIMULATED,
    by: "of kind 'event listener', expected",
  },
  {
    name: 'a socket that is not closed',
    file: 'transport/src/udp-datagrams.ts',
    find: 'await Promise.all([this.#senders.close(), this.#receivers.close()]);',
    put: 'await this.#receivers.close();',
    args: [...REAL, '--patience', '5'],
    by: "of kind 'UDPWrap', expected",
  },
];

async function soak(path: string, args: readonly string[]): Promise<[code: unknown, said: string]> {
  const child = spawn(process.execPath, ['--expose-gc', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  const said = await text(child.stdout);
  return [await exit, said];
}

test.each([
  ['simulated hours', SIMULATED],
  ['real sockets', REAL],
])(
  'after a soak of %s everything is given back',
  async (_, args) => {
    const [code, said] = await soak(await bundle(PROGRAM), args);
    console.log(said);
    expect(said).toContain('none in the end');
    expect(code).toBe(0);
  },
  60_000,
);

test.each(LEAKS)(
  'a soak notices $name',
  async ({ args, by, ...defect }) => {
    const name = `leak-${LEAKS.findIndex((leak) => leak.name === defect.name)}`;
    const [code, said] = await soak(await bundleWith(PROGRAM, name, [plant(defect)]), args);
    expect(said).toContain(by);
    expect(code).toBe(1);
  },
  60_000,
);
