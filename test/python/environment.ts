import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The release of the Python library that the classic wire is true to. */
const CABLE_CAR = 'cable-car==1.0.1';

/** The folder of the Python programs beside this file. */
export const PYTHON_FOLDER: string = fileURLToPath(new URL('.', import.meta.url));

const CACHE = fileURLToPath(
  new URL('../../node_modules/.cache/cable-car-python/', import.meta.url),
);

/**
 * The path of a Python interpreter that has the library, in a virtual environment of the tests' own.
 * The first call installs it, which takes some seconds; the environment is kept for later runs.
 * Undefined where there is no Python or no package index, so that tests can skip; in CI that is an error.
 */
export async function pythonEnvironment(): Promise<string | undefined> {
  const folder = join(CACHE, CABLE_CAR);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  try {
    await install(folder);
    return python;
  } catch (cause) {
    if (process.env['CI'] !== undefined) {
      throw new Error(`CI needs python3 with venv, and ${CABLE_CAR}`, { cause });
    }
    console.warn(`Tests against Python are skipped: ${String(cause)}`);
    return undefined;
  }
}

/** Runs one of the Python programs beside this file to its end, feeding it `input`, and gives its output. */
export async function runPython(
  python: string,
  program: string,
  args: readonly string[] = [],
  input = '',
): Promise<string> {
  const running = run(python, ['-B', join(PYTHON_FOLDER, program), ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

// Made aside and renamed, so that an environment that exists is complete, also when several test files ask at once.
async function install(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const aside = await mkdtemp(join(CACHE, 'new-'));
  try {
    await run('python3', ['-m', 'venv', aside]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check'];
    await run(join(aside, 'bin', 'python'), [...pip, CABLE_CAR]);
    await rename(aside, folder).catch((cause: unknown) => {
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
