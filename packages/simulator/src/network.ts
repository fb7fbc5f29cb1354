import type { Connection, ConnectionSettings, Millis } from '@cablecar/core-protocol';
import { Digest } from './digest.ts';
import type { Engine } from './engine.ts';
import type { Journal, WorldEventDetails, WorldEventKind } from './journal.ts';
import type { Kernel } from './kernel.ts';
import { isIPv4, isLoopback, Lan, type Nic } from './lan.ts';
import {
  changeNetworkOptions,
  type NetworkOptions,
  type ResolvedNetworkOptions,
} from './options.ts';
import type { OpenConnection } from './open-connection.ts';
import { type Binding, PortTable } from './port-table.ts';
import type { Prng } from './prng.ts';
import { type Handle, type Process, Sight } from './process.ts';

/** The accepting end of a new connection. */
export interface AcceptedConnection extends Connection, Handle {
  /** Its name in the transcript. */
  readonly id: string;
}

/** A listening socket, as the system sees it. */
export interface TcpBinding extends Binding {
  readonly process: Process;
  /** How the connections that it accepts are kept. */
  readonly settings: ConnectionSettings;
  /** Takes the accepting end of a connection that was dialled to an address of `nic`. */
  onConnection(connection: AcceptedConnection, nic: Nic): void;
}

/** Something that waits for the network to change. */
export interface Stuck {
  retry(): void;
}

/** An address of a host, which it may have lost since. */
export interface Place {
  readonly kernel: Kernel;
  readonly address: string;
}

/** Where an address is, seen from a host. */
export interface Route {
  /** The interface by which to go. */
  readonly nic: Nic;
  /** Whose address it is; undefined if nobody's. */
  readonly to: Kernel | undefined;
}

/** What a network is made of. */
export interface NetworkParts {
  readonly seed: number;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly options: ResolvedNetworkOptions;
}

/** Who is where, who can reach whom, and how well. */
export class Network {
  readonly seed: number;
  readonly engine: Engine;
  readonly journal: Journal;
  readonly kernels: Map<string, Kernel> = new Map();
  readonly connections: Set<OpenConnection> = new Set();
  /** Every life of every program, also those that have ended. */
  readonly processes: Process[] = [];
  /** What was done to the world, to tell states of it apart. */
  readonly trace: Digest = new Digest();
  #options: ResolvedNetworkOptions;
  readonly #listening = new Map<Kernel, PortTable<TcpBinding>>();
  readonly #lans = new Map<string, Lan>();
  /** The pairs of hosts that each partition separates. */
  readonly #partitions = new Set<ReadonlySet<string>>();
  #stuck = new Set<Stuck>();

  constructor({ seed, engine, journal, options }: NetworkParts) {
    this.seed = seed;
    this.engine = engine;
    this.journal = journal;
    this.#options = options;
  }

  /** Adds a host. */
  add(kernel: Kernel): void {
    this.kernels.set(kernel.name, kernel);
    this.#listening.set(kernel, new PortTable());
    kernel.onAwake = () => this.changed();
  }

  /** The listening sockets of a host. */
  listening(kernel: Kernel): PortTable<TcpBinding> {
    return this.#listening.get(kernel)!;
  }

  /** Plugs a new card of a host into a LAN, which comes into being with its first host. */
  plug(kernel: Kernel, lanName: string, address: string | undefined): void {
    let lan = this.#lans.get(lanName);
    if (!lan) this.#lans.set(lanName, (lan = new Lan(lanName, this.#lans.size + 1)));
    const name = `eth${kernel.nics.length - 1}`;
    kernel.nics.push({ name, lan, address: lan.assign(address), up: true });
  }

  /** Changes how the network behaves: everywhere, or for what one host sends and gets. */
  change(changes: NetworkOptions, host?: Kernel): void {
    const changed = changeNetworkOptions(this.#options, changes);
    if (host) host.networkChanges = { ...host.networkChanges, ...changes };
    else this.#options = changed;
    for (const kernel of this.kernels.values()) {
      const own = kernel.networkChanges;
      kernel.network = own && { ...this.#options, ...own };
    }
  }

  /** How the network behaves for what one host sends to another, or to nobody. */
  optionsFor(from: Kernel, to?: Kernel): ResolvedNetworkOptions {
    return from.network ?? to?.network ?? this.#options;
  }

  /** Nothing gets from the first to the second host of a pair any more; what is returned ends that. */
  separate(pairs: Iterable<readonly [from: Kernel, to: Kernel]>): () => void {
    const partition = new Set(Array.from(pairs, ([from, to]) => way(from, to)));
    this.#partitions.add(partition);
    return () => {
      if (this.#partitions.delete(partition)) this.changed();
    };
  }

  /** Ends every partition. */
  heal(): void {
    this.#partitions.clear();
    this.changed();
  }

  /** The address that a name stands for. */
  resolve(host: string): string | undefined {
    if (isIPv4(host) || host.includes(':')) return host;
    if (host === 'localhost') return '127.0.0.1';
    return this.kernels.get(host.replace(/\.local$/, ''))?.nics.find(({ lan }) => lan)?.address;
  }

  /** The way from a host to an address, if it has one. */
  route(from: Kernel, address: string): Route | undefined {
    if (isLoopback(address)) return { nic: from.nics[0]!, to: from };
    const own = from.nicOf(address);
    if (own) return { nic: own, to: from };
    const nic = from.nics.find(({ lan, up }) => up && lan?.contains(address));
    return nic && { nic, to: this.#owner(nic.lan!, address) };
  }

  /** The hosts that are on a LAN, or the one that a loopback belongs to. */
  neighbours(of: Kernel, nic: Nic): readonly Kernel[] {
    if (!nic.lan) return [of];
    return [...this.kernels.values()].filter(({ nics }) =>
      nics.some(({ lan, up }) => up && lan === nic.lan),
    );
  }

  /** Whether what is sent from one place to another arrives at present. */
  passes(from: Place, to: Place): boolean {
    if (!to.kernel.reachable) return false;
    if (from.kernel === to.kernel) return true;
    const lan = from.kernel.nicOf(from.address)?.lan;
    if (!from.kernel.powered || !lan || to.kernel.nicOf(to.address)?.lan !== lan) return false;
    if (this.#partitions.size === 0) return true;
    const wanted = way(from.kernel, to.kernel);
    for (const partition of this.#partitions) if (partition.has(wanted)) return false;
    return true;
  }

  /** How long something takes from one host to another. */
  delay(from: Kernel, to: Kernel | undefined, prng: Prng): Millis {
    const { delayMs, lateChance, lateByMs, loopbackDelayMs } = this.optionsFor(from, to);
    if (from === to) return prng.within(loopbackDelayMs);
    const delay = prng.within(delayMs);
    return lateChance > 0 && prng.float() < lateChance ? delay + prng.within(lateByMs) : delay;
  }

  /** Whether something of a probability comes to pass for what a program sent; a chooser tries both. */
  happens(probability: number, process: Process): boolean {
    const { chooser } = this.engine;
    if (!chooser || probability <= 0 || probability >= 1) {
      return process.chance.float() < probability;
    }
    const chosen = chooser.choose(2, this.engine.state);
    process.saw(Sight.answer, chosen);
    return chosen === 1;
  }

  /** Keeps something until the network changes. */
  hold(stuck: Stuck): void {
    this.#stuck.add(stuck);
  }

  /** Forgets something that was held. */
  release(stuck: Stuck): void {
    this.#stuck.delete(stuck);
  }

  /** Something became reachable that may not have been: whatever is held tries again. */
  changed(): void {
    const stuck = this.#stuck;
    this.#stuck = new Set();
    for (const each of stuck) each.retry();
  }

  /** Tells the journal; ask `journal.wants()` first where making the event costs. */
  tell(kind: WorldEventKind, where: string, details: WorldEventDetails = {}): void {
    this.journal.tell({ at: this.engine.now, kind, where }, details);
  }

  /** Tells the journal of something that was done to the world itself. */
  tellAll(detail: string): void {
    if (this.engine.chooser) this.trace.text(detail);
    if (this.journal.wants('network')) this.tell('network', 'world', { detail });
  }

  /** A number that is the same for two states of the world only if programs have seen the same things in both. */
  state(): number {
    const digest = new Digest();
    digest.number(this.engine.now);
    digest.number(this.trace.value());
    for (const { trace } of this.kernels.values()) digest.number(trace.value());
    for (const { salt, trace } of this.processes) {
      digest.word(salt);
      digest.number(trace.value());
    }
    return digest.value();
  }

  #owner(lan: Lan, address: string): Kernel | undefined {
    for (const kernel of this.kernels.values()) {
      if (kernel.nicOf(address)?.lan === lan) return kernel;
    }
    return undefined;
  }
}

/** The way from one host to another. */
function way(from: Kernel, to: Kernel): string {
  return `${from.name}>${to.name}`;
}
