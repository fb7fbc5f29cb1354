import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freeUdpPort } from '../../test/compliance/free-udp-port.ts';

const PATIENCE_MS = 30_000;

/** Two programs that shall meet: the command that begins each, and what both tell `join()`. */
export interface Meeting {
  readonly ada: readonly string[];
  readonly bob: readonly string[];
  readonly options?: object;
}

/**
 * Has two programs meet on this machine; answers with what went wrong, if anything did. Both have to end by themselves,
 * the first of them with a goodbye.
 */
export async function meet({ ada, bob, options }: Meeting): Promise<string | undefined> {
  const udpPort = await freeUdpPort();
  const words = JSON.stringify({ service: 'consumers', udpPort, ...options });
  const heard = await Promise.all([
    run([...ada, 'Ada', words], ['Bob says: hello from Bob']),
    run([...bob, 'Bob', words, 'stays'], ['Ada says: hello from Ada', 'Ada left: goodbye']),
  ]);
  return heard.find((trouble) => trouble !== undefined);
}

async function run(
  command: readonly string[],
  lines: readonly string[],
): Promise<string | undefined> {
  const [program = '', ...args] = command;
  const expected = lines.join('\n');
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: PATIENCE_MS });
    return stdout.trim() === expected
      ? undefined
      : `${command.join(' ')}\nprinted '${stdout.trim()}', expected '${expected}'\n${stderr}`;
  } catch (error) {
    return String(error);
  }
}
