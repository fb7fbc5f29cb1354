import { CableCarError, type Millis } from '@cablecar/core-protocol';
import { type Chooser, Engine } from './engine.ts';
import { Rank } from './event-queue.ts';
import { EVENT_KINDS, Journal, type Observer, type WorldEventKind } from './journal.ts';
import { Kernel } from './kernel.ts';
import { Network } from './network.ts';
import type { OpenConnection, Told } from './open-connection.ts';
import {
  type HostOptions,
  type NetworkOptions,
  type PartitionOptions,
  resolveNetworkOptions,
  type WithinOptions,
  type WorldOptions,
} from './options.ts';
import { Prng } from './prng.ts';
import type { OpenHandle } from './process.ts';
import { Runner } from './runner.ts';
import { SimHost } from './sim-host.ts';

/**
 * A simulated network with its computers: virtual time, seeded chance, no real socket or timer. Programs are given a
 * host's `transport`; time moves only while one of the `run` methods is awaited, as fast as the machine can.
 */
export class World {
  readonly seed: number;
  readonly #engine: Engine;
  readonly #journal: Journal;
  readonly #network: Network;
  readonly #prng: Prng;
  readonly #runner: Runner;
  readonly #hosts = new Map<string, SimHost>();
  #actions = 0;

  /**
   * The chooser is given by `explore()`, which tries every order of events; without one, seeded times decide.
   * @throws {CableCarError} ERR_OPTION
   */
  constructor({ seed = 1, network = {}, transcript = true }: WorldOptions = {}, chooser?: Chooser) {
    this.seed = seed;
    this.#engine = new Engine(seed, chooser);
    this.#journal = new Journal(transcript);
    const options = resolveNetworkOptions(network);
    this.#network = new Network({ seed, engine: this.#engine, journal: this.#journal, options });
    this.#engine.state = () => this.#network.state();
    this.#prng = new Prng(seed, 'world');
    this.#runner = new Runner(this.#engine, this.#journal);
  }

  /** Simulated milliseconds since the world began. */
  get now(): Millis {
    return this.#engine.now;
  }

  get hosts(): readonly SimHost[] {
    return [...this.#hosts.values()];
  }

  /** The connections that are open at one end at least. */
  get connections(): readonly OpenConnection[] {
    return [...this.#network.connections];
  }

  /** What happened on the network, one line an event; only the latest 50,000 to 100,000 lines are kept. */
  get transcript(): readonly string[] {
    return this.#journal.lines;
  }

  /** A hash of the whole transcript: two runs that have the same one went the same way. */
  get transcriptHash(): string {
    return this.#journal.hash;
  }

  /**
   * Adds a host.
   * @throws {CableCarError} ERR_OPTION if there is one of this name, or for an address outside of its LAN
   */
  host(name: string, { lans = ['lan'], addresses = {}, network }: HostOptions = {}): SimHost {
    if (this.#hosts.has(name)) {
      throw new CableCarError('ERR_OPTION', `a second host '${name}', expected another name`);
    }
    if (network) resolveNetworkOptions(network); // throws before anything is there
    const kernel = new Kernel(name, this.#engine);
    for (const lan of lans) this.#network.plug(kernel, lan, addresses[lan]);
    this.#network.add(kernel);
    if (network) this.#network.change(network, kernel);
    const host = new SimHost(this.#network, kernel);
    this.#hosts.set(name, host);
    return host;
  }

  /** Lets time pass. */
  async run({ forMs }: { readonly forMs: Millis }): Promise<void> {
    await this.#runner.run(this.now + forMs);
  }

  /**
   * Lets time pass until a condition holds, which is asked after every turn, or until a promise is settled, whose
   * value is returned.
   * @throws {CableCarError} ERR_TIMEOUT, and what the promise rejects with
   */
  async runUntil<T>(
    goal: (() => boolean) | Promise<T>,
    { withinMs = 60_000 }: WithinOptions = {},
  ): Promise<T> {
    let settled = false;
    let isReached = goal as () => boolean;
    if (typeof goal !== 'function') {
      const settle = (): void => void (settled = true);
      goal.then(settle, settle);
      isReached = () => settled;
    }
    if (!(await this.#runner.run(this.now + withinMs, isReached)))
      this.#tooLate('what was awaited', withinMs);
    return (typeof goal === 'function' ? undefined : await goal) as T;
  }

  /**
   * Lets time pass until nothing is on its way any more. Timers that fall due meanwhile fire; others wait.
   * @throws {CableCarError} ERR_TIMEOUT
   */
  async settle({ withinMs = 60_000 }: WithinOptions = {}): Promise<void> {
    const isQuiet = (): boolean => this.#engine.queue.arrivals === 0;
    if (!(await this.#runner.run(this.now + withinMs, isQuiet))) this.#tooLate('silence', withinMs);
  }

  /**
   * Lets time pass until nothing would ever happen again: nothing is on its way and no timer is set. By default it gives
   * up after an hour, for there is no such end where a program has periodic timers, as a mesh and a game loop have.
   * @throws {CableCarError} ERR_TIMEOUT
   */
  async runAll({ withinMs = 3_600_000 }: WithinOptions = {}): Promise<void> {
    const isOver = (): boolean => this.#engine.over;
    if (!(await this.#runner.run(this.now + withinMs, isOver)))
      this.#tooLate('an end of all timers', withinMs);
  }

  /** Does something later on. */
  after(delayMs: Millis, action: () => void): void {
    this.#engine.schedule(this.now + delayMs, this.#acting(action), Rank.system);
  }

  /** Does something at a moment of chance; an explorer tries it between any two events. */
  anyTime(action: () => void, { withinMs = 1000 }: WithinOptions = {}): void {
    this.#engine.schedule(this.now + this.#prng.within([0, withinMs]), this.#acting(action));
  }

  /** A number from 0 to `alternatives` − 1, by chance; an explorer tries each. */
  choose(alternatives: number): number {
    const { chooser, state } = this.#engine;
    const chosen = chooser?.choose(alternatives, state) ?? this.#prng.below(alternatives);
    this.#network.trace.word(chosen);
    return chosen;
  }

  /**
   * Changes how the network behaves from now on; hosts keep what they have of their own.
   * @throws {CableCarError} ERR_OPTION
   */
  setNetwork(changes: NetworkOptions): void {
    this.#network.change(changes);
    this.#network.tellAll(`the network becomes ${JSON.stringify(changes)}`);
  }

  /**
   * Nothing gets from one group to the other any more, nor back; connections hang as they do when a cable is cut. The
   * others are all the other hosts that there are, unless they are named.
   */
  partition(
    group: readonly SimHost[],
    others: readonly SimHost[] = this.hosts.filter((host) => !group.includes(host)),
    { direction = 'both', forMs }: PartitionOptions = {},
  ): void {
    const forth = group.flatMap((from) => others.map((to) => [from.kernel, to.kernel] as const));
    const back = forth.map(([from, to]) => [to, from] as const);
    const end = this.#network.separate(direction === 'both' ? [...forth, ...back] : forth);
    const what = `partition ${names(group)} ${direction === 'both' ? '|' : '⇥'} ${names(others)}`;
    this.#network.tellAll(what);
    if (forMs === undefined) return;
    this.after(forMs, () => {
      this.#network.tellAll(`${what} is over`);
      end();
    });
  }

  /** Ends every partition. What connections held is sent again, the later the longer the partition lasted. */
  heal(): void {
    this.#network.tellAll('partitions are healed');
    this.#network.heal();
  }

  /** Cuts the open connections for which `which` holds, all by default; see {@link OpenConnection.cut}. */
  cutConnections(
    told: Told = 'both',
    which: (connection: OpenConnection) => boolean = () => true,
  ): void {
    for (const connection of this.connections.filter(which)) connection.cut(told);
  }

  /** Has an observer called for every event of some kinds, all by default; what is returned ends that. */
  observe(observer: Observer, kinds: readonly WorldEventKind[] = EVENT_KINDS): () => void {
    return this.#journal.observe(observer, kinds);
  }

  /** Everything that programs have open anywhere. */
  openHandles(): readonly OpenHandle[] {
    return this.hosts.flatMap((host) => host.openHandles());
  }

  #acting(action: () => void): () => void {
    const number = ++this.#actions;
    return () => {
      this.#engine.touched = true;
      this.#network.trace.word(number);
      action();
    };
  }

  #tooLate(what: string, withinMs: Millis): never {
    const seen = `${what} did not come within ${withinMs} simulated ms (seed ${this.seed})`;
    throw new CableCarError('ERR_TIMEOUT', `${seen}, expected it to`);
  }
}

function names(hosts: readonly SimHost[]): string {
  return hosts.map(({ name }) => name).join(', ');
}
