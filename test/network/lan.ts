import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, test } from 'vitest';
import { applyRules, LanHost } from './lan-host.ts';
import { ipBatch, removeNamespaces, removeOrphans, uniqueLanName, whyNoLan } from './namespaces.ts';
import { TapSwitch } from './tap-switch.ts';

const LINK_UP_MS = 5000;
/** Kernels remember about 1,024 answers of who has which address, all namespaces together: more hosts do not ask. */
const MOST_ASKING = 25;
/** Many processes start in such a test, perhaps on a busy machine. */
const TEST_TIMEOUT_MS = 60_000;

/** What is cut between two hosts. */
export interface CutOptions {
  readonly lan?: number;
  /** What is dropped, in the words of nftables: `ip protocol udp`. @default everything */
  readonly what?: string;
}

/** How a LAN is built. */
export interface LanOptions {
  /** Its first LAN has a switch that can be told to be bad, with chance of this seed: `badSwitch`. */
  readonly badSwitchSeed?: number;
}

/** Builds a LAN for one test. */
export type CreateLan = (hostCount: number, options?: LanOptions) => Promise<Lan>;

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
  #filters = 0;
  #badSwitch: TapSwitch | undefined;

  private constructor(hostCount: number) {
    this.#name = uniqueLanName();
    this.#switch = `${this.#name}switch`;
    const names = Array.from({ length: hostCount }, (_, index) => `${this.#name}host${index}`);
    process.on('exit', this.#remove); // also when a test run ends in the middle
    ipBatch([this.#switch, ...names].map((name) => `netns add ${name}`));
    this.hosts = names.map((name) => new LanHost(name, this.#switch));
  }

  /** Builds a switch and hosts on it; resolves when every link is up. */
  static async create(hostCount: number, { badSwitchSeed }: LanOptions = {}): Promise<Lan> {
    removeOrphans();
    const lan = new Lan(hostCount);
    try {
      if (badSwitchSeed === undefined) await lan.addLan(lan.hosts);
      else await lan.#addBadLan(badSwitchSeed);
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
      const port = `lan${index}port${this.hosts.indexOf(host)}`;
      const [address, hardware] = [this.#address(host, index), this.#hardware(host, index)];
      host.lay({ device: `eth${host.cables.length}`, port, address, hardware });
      ipBatch([`link set ${port} master ${bridge} up`], this.#switch);
    }
    await untilUp(hosts);
    if (hosts.length > MOST_ASKING) for (const host of hosts) host.know(hosts);
  }

  /** The switch that can be told to be bad, if the LAN was built with one. */
  get badSwitch(): TapSwitch {
    if (this.#badSwitch === undefined) throw new Error('the LAN was built without a bad switch');
    return this.#badSwitch;
  }

  async #addBadLan(seed: number): Promise<void> {
    const index = this.#lans++;
    this.#badSwitch = await TapSwitch.start(this.#switch, this.hosts.length, seed);
    for (const [number, host] of this.hosts.entries()) {
      host.take({ device: 'eth0', port: `tap${number}`, address: this.#address(host, index) });
    }
    await untilUp(this.hosts);
  }

  #hardware(host: LanHost, lan: number): string {
    return `02:00:00:00:${hex(lan)}:${hex(this.hosts.indexOf(host))}`;
  }

  #address(host: LanHost, lan: number): string {
    const number = this.hosts.indexOf(host);
    return `10.${77 + lan}.${Math.floor(number / 250)}.${(number % 250) + 1}`;
  }

  /**
   * Nothing gets from one host to another any more, though it does the other way, or nothing that an expression of
   * nftables matches; the function given back ends it.
   */
  cut(from: LanHost, to: LanHost, { lan = 0, what = '' }: CutOptions = {}): () => void {
    const there = from.cable(lan).port;
    const here = to.cable(lan).port;
    return applyRules(this.#switch, 'bridge', `cut_${there}_${here}`, [
      'type filter hook forward priority 0',
      `iifname "${there}" oifname "${here}" ${what} drop`,
    ]);
  }

  /** Nothing gets from one group of hosts to the other any more, nor back; the function given back ends it. */
  part(some: readonly LanHost[], others: readonly LanHost[], lan = 0): () => void {
    const ports = (hosts: readonly LanHost[]): string =>
      `{ ${hosts.map((host) => `"${host.cable(lan).port}"`).join(', ')} }`;
    return applyRules(this.#switch, 'bridge', `part_${lan}`, [
      'type filter hook forward priority 0',
      `iifname ${ports(some)} oifname ${ports(others)} drop`,
      `iifname ${ports(others)} oifname ${ports(some)} drop`,
    ]);
  }

  /** From here on the switch drops what an expression of nftables matches; the function given back ends it. */
  filter(what: string): () => void {
    return applyRules(this.#switch, 'bridge', `filter_${(this.#filters += 1)}`, [
      'type filter hook forward priority 0',
      `${what} drop`,
    ]);
  }

  /** From here on the switch is a hub: whatever one host says, every other hears as well. */
  becomeHub(lan = 0): void {
    ipBatch([`link set lan${lan} type bridge ageing_time 0`], this.#switch);
  }

  /** Ends every program and removes every host; idempotent. */
  async close(): Promise<void> {
    await Promise.all(this.hosts.map((host) => host.close()));
    await this.#badSwitch?.close();
    this.#remove();
    process.off('exit', this.#remove);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Resolves when each host's latest cable is up. */
async function untilUp(hosts: readonly LanHost[]): Promise<void> {
  const deadline = performance.now() + LINK_UP_MS;
  while (!hosts.every((host) => host.isUp(host.cables.length - 1))) {
    if (performance.now() > deadline) throw new Error('a link of a LAN did not come up');
    await sleep(20);
  }
}

const obstacle = whyNoLan();

/**
 * Tests that need a LAN. Each test builds its own by `createLan`; all are removed after it, whatever happened.
 * Where none can be built they are skipped with a word why, but in CI they fail: nobody reads there what was skipped.
 */
export function describeLan(name: string, tests: (createLan: CreateLan) => void): void {
  if (obstacle === undefined) {
    describe(name, { timeout: TEST_TIMEOUT_MS }, () => {
      const lans: Lan[] = [];
      afterEach(async () => {
        await Promise.all(lans.splice(0).map((lan) => lan.close()));
      });
      tests(async (hostCount, options) => {
        const lan = await Lan.create(hostCount, options);
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
