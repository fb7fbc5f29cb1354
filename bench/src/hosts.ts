import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const DEVICE = 'eth0';
const PREFIX_LENGTH = 24;
const ADDRESSES_MS = 5_000;

/** A host made for a measurement: a network namespace. */
export interface Host {
  /** The words before a command that run it there. */
  readonly inside: readonly string[];
}

/**
 * Two hosts with a cable between them, from which nothing gets to the machine's own network. A namespace has no name and
 * is held by a process that ends when its standard input does, so none outlasts this program, however it ends.
 */
export class TwoHosts implements AsyncDisposable {
  readonly hosts: readonly [Host, Host];
  readonly #holders: readonly ChildProcess[];

  private constructor(holders: readonly [ChildProcess, ChildProcess]) {
    const [one, other] = holders;
    this.#holders = holders;
    this.hosts = [hostOf(one), hostOf(other)];
  }

  /** Makes them; resolves when their addresses hold. Throws where the system does not allow it. */
  static async create(): Promise<TwoHosts> {
    const holders = [await hold(), await hold()] as const;
    const two = new TwoHosts(holders);
    try {
      const [one, other] = two.hosts;
      ip(one, `link add ${DEVICE} type veth peer name ${DEVICE} netns ${holders[1].pid}`);
      for (const [index, host] of [one, other].entries()) {
        ip(host, `addr add 10.99.0.${index + 1}/${PREFIX_LENGTH} brd + dev ${DEVICE}`);
        ip(host, `link set ${DEVICE} up`);
        // What is for everybody leaves by it, as on most machines.
        ip(host, `route add default dev ${DEVICE}`);
      }
      await Promise.all([addressed(one), addressed(other)]);
    } catch (error) {
      await two[Symbol.asyncDispose]();
      throw error;
    }
    return two;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#holders.map(async (holder) => {
        if (holder.exitCode !== null) return;
        const exited = once(holder, 'exit');
        holder.stdin?.end();
        await exited;
      }),
    );
  }
}

/** Starts a process with a network namespace of its own, which it holds until its standard input ends. */
async function hold(): Promise<ChildProcess> {
  const script = 'ip link set lo up && echo up && exec cat';
  const holder = spawn('unshare', ['--net', '--', 'sh', '-c', script], { stdio: 'pipe' });
  let complaint = '';
  holder.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('error', reject);
    holder.once('close', () => reject(new Error(complaint.trim())));
  });
  return holder;
}

function hostOf({ pid }: ChildProcess): Host {
  return { inside: ['nsenter', `--net=/proc/${pid}/ns/net`, '--'] };
}

function ip({ inside: [program = '', ...words] }: Host, command: string): string {
  const args = [...words, 'ip', ...command.split(' ')];
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
}

/** Resolves when the host has made sure that nobody else has its addresses; IPv6 takes a second or two for that. */
async function addressed(host: Host): Promise<void> {
  const until = performance.now() + ADDRESSES_MS;
  while (ip(host, `-6 addr show dev ${DEVICE} tentative`) !== '') {
    if (performance.now() > until) throw new Error('the addresses of IPv6 do not come to hold');
    await sleep(50);
  }
}
