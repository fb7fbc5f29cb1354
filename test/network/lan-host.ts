import { setTimeout as sleep } from 'node:timers/promises';
import { LanProcess } from './lan-process.ts';
import { insideNamespace, ipBatch, run, runInside } from './namespaces.ts';

/** A cable from a host to the switch. */
export interface Cable {
  /** The network device at the host's end, such as `eth0`. */
  readonly device: string;
  /** The port at the switch's end. */
  readonly port: string;
  readonly address: string;
  /** The hardware address of the device; the system chooses one where it is left out. */
  readonly hardware?: string;
}

const PREFIX_LENGTH = 16;
const ADDRESS_MS = 5_000;

/** One host: a network namespace with a cable to the switch, an address on it, and no default route. */
export class LanHost {
  readonly namespace: string;
  readonly #switch: string;
  readonly #cables: Cable[] = [];
  readonly #processes: LanProcess[] = [];

  constructor(namespace: string, switchNamespace: string) {
    this.namespace = namespace;
    this.#switch = switchNamespace;
  }

  /** The words before a command that run it on this host. */
  get inside(): readonly string[] {
    return insideNamespace(this.namespace);
  }

  /** Its cables, one for each LAN that it is on. */
  get cables(): readonly Cable[] {
    return this.#cables;
  }

  /** Its address on the first LAN, or on another. */
  address(lan = 0): string {
    return this.cable(lan).address;
  }

  cable(lan = 0): Cable {
    const cable = this.#cables[lan];
    if (cable === undefined) throw new Error(`${this.namespace} has no cable to LAN ${lan}`);
    return cable;
  }

  /** Runs a program of TypeScript, or one that was bundled, its path given from the top of the repository. */
  spawn(script: string, args: readonly string[] = []): LanProcess {
    const spawned = new LanProcess(this.inside, script, args);
    this.#processes.push(spawned);
    return spawned;
  }

  /** Runs any program to its end and gives what it printed; throws with what it complained of. */
  exec(program: string, ...args: readonly string[]): string {
    return runInside(this.namespace, [program, ...args]);
  }

  /** Lays a cable to the switch. */
  lay(cable: Cable): void {
    const { device, port, hardware } = cable;
    const peer = `peer name ${device} ${hardware === undefined ? '' : `address ${hardware}`}`;
    ipBatch([`link add ${port} netns ${this.#switch} type veth ${peer} netns ${this.namespace}`]);
    this.#begin(cable);
  }

  /** Takes a port of the switch that is a cable itself: a TAP device, whose other end is a program. */
  take(cable: Cable): void {
    const { device, port } = cable;
    ipBatch([`link set ${port} netns ${this.namespace} name ${device}`], this.#switch);
    this.#begin(cable);
  }

  /** Knows these hosts' hardware addresses without asking for them. */
  know(others: readonly LanHost[], lan = 0): void {
    const { device } = this.cable(lan);
    const entries = others.flatMap((other) => {
      const { address, hardware } = other.cable(lan);
      return hardware === undefined || other === this
        ? []
        : [`neigh add ${address} lladdr ${hardware} dev ${device} nud permanent`];
    });
    ipBatch(entries, this.namespace);
  }

  #begin(cable: Cable): void {
    const { device } = cable;
    ipBatch(
      [`link set lo up`, addressCommand('add', cable), `link set ${device} up`],
      this.namespace,
    );
    this.#cables.push(cable);
  }

  /** Its IPv6 address that holds on one LAN alone, once the system has made sure that nobody else has it. */
  async linkLocalAddress(lan = 0): Promise<string> {
    const { device } = this.cable(lan);
    const show = ['-6', '-br', 'address', 'show', 'dev', device, 'scope', 'link', '-tentative'];
    for (const deadline = performance.now() + ADDRESS_MS; performance.now() < deadline;) {
      const [, address] = / (fe80:\S+)\//.exec(this.exec('ip', ...show)) ?? [];
      if (address !== undefined) return address;
      await sleep(50);
    }
    throw new Error(`${this.namespace} has no link-local address on ${device}`);
  }

  /** Whether the system of this host takes a link for up. */
  isUp(lan = 0): boolean {
    return run('ip', [
      '-n',
      this.namespace,
      '-br',
      'link',
      'show',
      this.cable(lan).device,
    ]).includes('LOWER_UP');
  }

  /** Pulls the cable: the host sees its link go. */
  unplug(lan = 0): void {
    ipBatch([`link set ${this.cable(lan).port} down`], this.#switch);
  }

  /** Puts the cable back. */
  replug(lan = 0): void {
    ipBatch([`link set ${this.cable(lan).port} up`], this.#switch);
  }

  /** Replaces the address, as a DHCP server may. */
  changeAddress(address: string, lan = 0): void {
    const old = this.cable(lan);
    const cable = { ...old, address };
    ipBatch([addressCommand('del', old), addressCommand('add', cable)], this.namespace);
    this.#cables[lan] = cable;
  }

  /** Has more addresses beside its own. */
  addAddresses(addresses: readonly string[], lan = 0): void {
    const cable = this.cable(lan);
    const commands = addresses.map((address) => addressCommand('add', { ...cable, address }));
    ipBatch(commands, this.namespace);
  }

  /** Sends what is for no known subnet out by a cable, as most machines do. */
  routeByDefault(lan = 0): void {
    ipBatch([`route add default dev ${this.cable(lan).device}`], this.namespace);
  }

  /** Loses arriving datagrams at random; the function given back ends it. */
  loseDatagrams(probability: number, { lan = 0 }: { readonly lan?: number } = {}): () => void {
    const { device } = this.cable(lan);
    return applyRules(this.namespace, 'netdev', `loss_${device}`, [
      `type filter hook ingress device "${device}" priority 0`,
      `meta l4proto udp numgen random mod 1000 < ${Math.round(probability * 1000)} drop`,
    ]);
  }

  /** Counts the datagrams that leave by a cable, of whatever kind; the function given back tells how many. */
  countDatagramsSent(lan = 0): () => number {
    return this.#countSent('datagrams', 'meta l4proto udp', lan);
  }

  /** Counts the attempts at TCP connections that leave by a cable; the function given back tells how many. */
  countDialsSent(lan = 0): () => number {
    return this.#countSent('dials', 'tcp flags & (syn | ack) == syn', lan);
  }

  #countSent(what: string, match: string, lan: number): () => number {
    const { device } = this.cable(lan);
    const table = `${what}_${device}`;
    applyRules(this.namespace, 'netdev', table, [
      `type filter hook egress device "${device}" priority 0`,
      `${match} counter`,
    ]);
    return () => {
      const rules = this.exec('nft', 'list', 'table', 'netdev', table);
      return Number(/counter packets (\d+)/.exec(rules)?.[1]);
    };
  }

  /** Breaks TCP connections at this end, as if the system had given them up: those from or to a port, or all. */
  killTcp(port?: number): void {
    const which = port === undefined ? [] : [`( dport = :${port} or sport = :${port} )`];
    this.exec('ss', '-K', '--tcp', ...which);
  }

  /** Answers whatever comes on TCP with a reset, as a bad firewall does; the function given back ends it. */
  resetTcp(): () => void {
    return applyRules(this.namespace, 'ip', 'resets', [
      'type filter hook input priority 0',
      'meta l4proto tcp reject with tcp reset',
    ]);
  }

  /** Ends every process that was spawned. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((spawned) => spawned.stop()));
  }
}

/** Puts a firewall table of one chain into a namespace; the function given back removes it. */
export function applyRules(
  namespace: string,
  family: 'netdev' | 'bridge' | 'inet' | 'ip',
  table: string,
  statements: readonly string[],
): () => void {
  const nft = (rules: string): string => runInside(namespace, ['nft', '-f', '-'], `${rules}\n`);
  nft(`table ${family} ${table} {\nchain faults {\n${statements.join('\n')}\n}\n}`);
  return () => void nft(`delete table ${family} ${table}`);
}

function addressCommand(verb: 'add' | 'del', { address, device }: Cable): string {
  return `addr ${verb} ${address}/${PREFIX_LENGTH} ${verb === 'add' ? 'brd + ' : ''}dev ${device}`;
}
