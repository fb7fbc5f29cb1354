import { LanProcess } from './lan-process.ts';
import { ipBatch, run } from './namespaces.ts';

/** A cable from a host to the switch. */
export interface Cable {
  /** The network device at the host's end, such as `eth0`. */
  readonly device: string;
  /** The port at the switch's end. */
  readonly port: string;
  readonly address: string;
}

const PREFIX_LENGTH = 16;

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

  /** Runs a TypeScript program, its path given from the top of the repository. */
  spawn(script: string, args: readonly string[] = []): LanProcess {
    const spawned = new LanProcess(this.namespace, script, args);
    this.#processes.push(spawned);
    return spawned;
  }

  /** Runs any program to its end and gives what it printed; throws with what it complained of. */
  exec(program: string, ...args: readonly string[]): string {
    return run('ip', ['netns', 'exec', this.namespace, program, ...args]);
  }

  /** Lays a cable to the switch. */
  lay(cable: Cable): void {
    const { device, port } = cable;
    ipBatch([
      `link add ${port} netns ${this.#switch} type veth peer name ${device} netns ${this.namespace}`,
    ]);
    ipBatch(
      [`link set lo up`, addressCommand('add', cable), `link set ${device} up`],
      this.namespace,
    );
    this.#cables.push(cable);
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
    ]).includes(' UP ');
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
    const { device } = this.cable(lan);
    applyRules(this.namespace, 'netdev', `count_${device}`, [
      `type filter hook egress device "${device}" priority 0`,
      'meta l4proto udp counter',
    ]);
    return () => {
      const rules = this.exec('nft', 'list', 'table', 'netdev', `count_${device}`);
      return Number(/counter packets (\d+)/.exec(rules)?.[1]);
    };
  }

  /** Breaks every TCP connection from or to a port, at this end, as if the system had given it up. */
  killTcp(port: number): void {
    this.exec('ss', '-K', `( dport = :${port} or sport = :${port} )`);
  }

  /** Ends every process that was spawned. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((spawned) => spawned.stop()));
  }
}

/** Puts a firewall table of one chain into a namespace; the function given back removes it. */
export function applyRules(
  namespace: string,
  family: 'netdev' | 'bridge',
  table: string,
  statements: readonly string[],
): () => void {
  const nft = (rules: string): void => {
    run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], `${rules}\n`);
  };
  nft(`table ${family} ${table} {\nchain faults {\n${statements.join('\n')}\n}\n}`);
  return () => nft(`delete table ${family} ${table}`);
}

function addressCommand(verb: 'add' | 'del', { address, device }: Cable): string {
  return `addr ${verb} ${address}/${PREFIX_LENGTH} ${verb === 'add' ? 'brd + ' : ''}dev ${device}`;
}
