import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ahead } from '../../test/support/ahead.ts';
import { run } from '../run.ts';

/** So much more than Node itself the command may cost to start, with all that it needs. */
const START_RATIO = 2.5;
const STARTS = 10;

/** A program that is started several times, how it is to end and what to say, and the least that it took. */
interface Start {
  readonly command: readonly string[];
  readonly status: number;
  readonly said: string;
  leastMs: number;
  leastCpuMs: number;
}

/** What the starts of a command took, and what is wrong with them. */
export interface StartTimes {
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

/**
 * How long the command takes to start, for each of its parts, beside Node itself. Told by the clock; held to a bound by
 * CPU time, as whatever else a machine does shows least there.
 */
export async function startTimes(
  folder: string,
  path: string,
  names: readonly string[],
): Promise<StartTimes> {
  // A port that none may have is refused by the library: then all of it is there, and nothing has begun.
  const refused = (name: string): Start =>
    startOf([path, name, '--udp-port', '1'], 2, 'udpPort is 1');
  const node = startOf([process.execPath, '--eval', '0'], 0, '');
  const starts = [startOf([path, '--help'], 0, 'usage: cablecar'), ...names.map(refused)];
  const problems: string[] = [];
  const telling = join(folder, 'cpu-time.cjs');
  const told = join(folder, 'cpu-time.txt');
  writeFileSync(telling, tellingCpuTime(told));
  const time = async (one: Start): Promise<void> => {
    const command = ahead(['env', `NODE_OPTIONS=--require ${telling}`, ...one.command]);
    const before = performance.now();
    const { status, output } = await run(command[0] as string, command.slice(1), folder);
    one.leastMs = Math.min(one.leastMs, performance.now() - before);
    one.leastCpuMs = Math.min(one.leastCpuMs, Number(readFileSync(told, 'utf8')));
    if (status !== one.status || !output.includes(one.said))
      problems.push(`${one.command.join(' ')} ended with ${status}:\n${output}`);
  };
  // In turns, so that whatever else the machine does falls on all of them.
  for (let round = 0; round < STARTS; round++) for (const one of [node, ...starts]) await time(one);
  const lines = starts.map(({ command, leastMs, leastCpuMs }) => {
    const ratio = leastCpuMs / node.leastCpuMs;
    const line = `cablecar ${command[1]}, ${STARTS} runs: at best ${leastMs.toFixed(0)} ms, of which Node ${node.leastMs.toFixed(0)} ms; ${ratio.toFixed(2)} times Node's CPU time`;
    if (ratio > START_RATIO) problems.push(`${line}, expected at most ${START_RATIO}`);
    return line;
  });
  return { lines, problems };
}

function startOf(command: readonly string[], status: number, said: string): Start {
  return { command, status, said, leastMs: Infinity, leastCpuMs: Infinity };
}

/** What a program loads first, to write in the end what it has used, in milliseconds. */
function tellingCpuTime(path: string): string {
  return `process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    require('node:fs').writeFileSync(${JSON.stringify(path)}, String((user + system) / 1000));
  });`;
}
