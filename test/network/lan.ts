import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, test } from 'vitest';
import { applyRules, LanHost } from './lan-host.ts';
import { ipBatch, removeNamespaces, removeOrphans, uniqueLanName, whyNoLan } from './namespaces.ts';

const LINK_UP_MS = 5000;
/** Many processes start in such a test, perhaps on a busy machine. */
const TEST_TIMEOUT_MS = 60_000;

/**
 * Hosts on a switch, all of them network namespaces made for the purpose: nothing reaches the machine's own network.
 * LAN 0 is 10.77.0.0/16, LAN 1 is 10.78.0.0/16 and so on; host i has the address ending in i + 1 on each.
 */
export class Lan implements AsyncDisposable {
  readonly hosts: readonly LanHost[];
  readonly #name: string;
  readonly #switch: string;
  readonly #remove = (): void => removeNamespaces(this.#name);
  #lans = 0;

  private constructor(hostCount: number) {
    this.#name = uniqueLanName();
    this.#switch = `${this.#name}switch`;
    const names = Array.from({ length: hostCount }, (_, index) => `${this.#name}host${index}`);
    process.on('exit', this.#remove); // also when a test run ends in the middle
    ipBatch([this.#switch, ...names].map((name) => `netns add ${name}`));
    this.hosts = names.map((name) => new LanHost(name, this.#switch));
  }

  /** Builds a switch and hosts on it; resolves when every link is up. */
  static async create(hostCount: number): Promise<Lan> {
    removeOrphans();
    const lan = new Lan(hostCount);
    try {
      await lan.addLan(lan.hosts);
    } catch (error) {
      await lan.close();
      throw error;
    }
    return lan;
  }

  /** The host of that number, from 0. */
  host(index: number): LanHost {
    const host = this.hosts[index];
    if (host === undefined)
      throw new Error(`the LAN has ${this.hosts.length} hosts, not ${index + 1}`);
    return host;
  }

  /** Gives these hosts a cable to one more LAN, with a subnet of its own. */
  async addLan(hosts: readonly LanHost[]): Promise<void> {
    const index = this.#lans++;
    const bridge = `lan${index}`;
    ipBatch(
      [
        `link add ${bridge} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
        `link set ${bridge} up`,
      ],
      this.#switch,
    );
    for (const host of hosts) {
      const number = this.hosts.indexOf(host);
      const port = `lan${index}port${number}`;
      const address = `10.${77 + index}.${Math.floor(number / 250)}.${(number % 250) + 1}`;
      host.lay({ device: `eth${host.cables.length}`, port, address });
      ipBatch([`link set ${port} master ${bridge} up`], this.#switch);
    }
    const deadline = performance.now() + LINK_UP_MS;
    while (!hosts.every((host) => host.isUp(host.cables.length - 1))) {
      if (performance.now() > deadline) throw new Error(`a link of ${bridge} did not come up`);
      await sleep(20);
    }
  }

  /** Nothing gets from one host to another any more, though it does the other way; the function given back ends it. */
  cut(from: LanHost, to: LanHost, lan = 0): () => void {
    const there = from.cable(lan).port;
    const here = to.cable(lan).port;
    return applyRules(this.#switch, 'bridge', `cut_${there}_${here}`, [
      'type filter hook forward priority 0',
      `iifname "${there}" oifname "${here}" drop`,
    ]);
  }

  /** Ends every program and removes every host; idempotent. */
  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.close()));
    this.#remove();
    process.off('exit', this.#remove);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const obstacle = whyNoLan();

/**
 * Tests that need a LAN. Each test builds its own by `createLan`; all are removed after it, whatever happened.
 * Where none can be built they are skipped with a word why, but in CI they fail: nobody reads there what was skipped.
 */
export function describeLan(
  name: string,
  tests: (createLan: (hostCount: number) => Promise<Lan>) => void,
): void {
  if (obstacle === undefined) {
    describe(name, { timeout: TEST_TIMEOUT_MS }, () => {
      const lans: Lan[] = [];
      afterEach(async () => {
        await Promise.all(lans.splice(0).map((lan) => lan.close()));
      });
      tests(async (hostCount) => {
        const lan = await Lan.create(hostCount);
        lans.push(lan);
        return lan;
      });
    });
  } else if (process.env['CI']) {
    test(`${name}: a LAN can be built`, () => {
      throw new Error(obstacle);
    });
  } else {
    console.warn(`SKIPPED: ${name}: ${obstacle}`);
    describe.skip(`${name} (${obstacle})`, () => tests((hostCount) => Lan.create(hostCount)));
  }
}
