import { CableCarError, type Millis, type Transport } from '@cablecar/core-protocol';
import { Rank, type ScheduledEvent } from './event-queue.ts';
import type { Kernel } from './kernel.ts';
import type { Nic } from './lan.ts';
import type { Network } from './network.ts';
import type {
  CableOptions,
  FirewallOptions,
  NetworkOptions,
  ReaddressOptions,
  SleepOptions,
  UnplugOptions,
} from './options.ts';
import type { OpenHandle } from './process.ts';
import { type CrashOptions, SimProgram } from './sim-program.ts';

/** One computer of the world. */
export class SimHost {
  readonly name: string;
  readonly #network: Network;
  readonly #kernel: Kernel;
  readonly #programs = new Map<string, SimProgram>();
  /** When cables that are out will be put back in. */
  readonly #plugging = new Map<Nic, ScheduledEvent>();

  /** @internal */
  constructor(network: Network, kernel: Kernel) {
    this.name = kernel.name;
    this.#network = network;
    this.#kernel = kernel;
  }

  /** The transport of the host's first program. */
  get transport(): Transport {
    return this.program().transport;
  }

  /** Its addresses on the LANs at present, without those whose cable is out. */
  get addresses(): readonly string[] {
    return this.#cards().flatMap(({ up, address }) => (up ? [address] : []));
  }

  /** Its programs so far. */
  get programs(): readonly SimProgram[] {
    return [...this.#programs.values()];
  }

  /** The program of a name, the first one if none is given; it begins when first asked for. */
  program(name = ''): SimProgram {
    let program = this.#programs.get(name);
    if (!program) {
      const fullName = name === '' ? this.name : `${this.name}/${name}`;
      program = new SimProgram(this.#network, this.#kernel, fullName);
      this.#programs.set(name, program);
    }
    return program;
  }

  /** Everything that its programs have open. */
  openHandles(): readonly OpenHandle[] {
    return this.programs.flatMap((program) => program.openHandles());
  }

  /** Freezes its programs; the network goes on. Afterwards they read what has come, and only then do timers fire. */
  stall(forMs: Millis): void {
    this.#tell(`stalls for ${forMs} ms`);
    this.#kernel.stall(forMs);
  }

  /** Suspends the host: frozen and out of reach, while the time of day runs on. */
  sleep(forMs: Millis, { monotonicClock = 'stops' }: SleepOptions = {}): void {
    this.#tell(`sleeps for ${forMs} ms, the monotonic clock ${monotonicClock}`);
    this.#kernel.sleep(forMs, monotonicClock === 'stops');
  }

  /** Sets its time of day forward, or back by a negative amount. */
  setWallClock(forwardMs: Millis): void {
    this.#tell(`sets its time of day forward by ${forwardMs} ms`);
    this.#kernel.wallJumpMs += forwardMs;
  }

  /** Pulls its cable out. Connections hang, and programs find the interface gone. */
  unplug({ lan, forMs }: UnplugOptions = {}): void {
    this.#changeCards(lan, 'is unplugged', (card) => {
      this.#set(card, false);
      if (forMs === undefined) return;
      const { engine } = this.#kernel;
      const plug = (): void => this.plug({ lan: card.lan!.name });
      this.#plugging.set(card, engine.schedule(engine.now + forMs, plug, Rank.system));
    });
  }

  /** Puts the cable back in. */
  plug({ lan }: CableOptions = {}): void {
    this.#changeCards(lan, 'is plugged in', (card) => this.#set(card, true));
  }

  /** Gives it another address. Connections from the old one are dead, and nobody is told. */
  readdress({ lan, address }: ReaddressOptions = {}): void {
    this.#changeCards(lan, 'changes its address', (card) => {
      card.address = card.lan!.assign(address);
    });
  }

  /**
   * Changes how the network behaves for this host from now on: for what it sends, and what it gets from hosts without
   * anything of their own.
   * @throws {CableCarError} ERR_OPTION
   */
  setNetwork(changes: NetworkOptions): void {
    this.#network.change(changes, this.#kernel);
    this.#tell(`has a network of its own, ${JSON.stringify(changes)}`);
  }

  /** Lets in less than everything, or everything again. */
  firewall(rules: FirewallOptions): void {
    this.#tell(`sets its firewall to ${JSON.stringify(rules)}`);
    this.#kernel.firewall = { ...this.#kernel.firewall, ...rules };
    this.#network.changed();
  }

  /** Crashes every program. With `sockets: 'vanish'` the host itself is off until {@link restart}. */
  crash(options: CrashOptions = {}): void {
    for (const program of this.programs) program.crash(options);
    if (options.sockets === 'vanish') this.#kernel.powered = false;
  }

  /** Switches it on and begins every program's next life. */
  restart(): void {
    this.#tell('restarts');
    this.#kernel.powered = true;
    for (const program of this.programs) program.restart();
  }

  /** @internal */
  get kernel(): Kernel {
    return this.#kernel;
  }

  #cards(): readonly Nic[] {
    return this.#kernel.nics.filter(({ lan }) => lan);
  }

  #changeCards(lanName: string | undefined, what: string, change: (card: Nic) => void): void {
    const cards = this.#cards().filter(({ lan }) => lanName === undefined || lan?.name === lanName);
    if (cards.length === 0) {
      const seen = `${this.name} is not on LAN '${lanName}'`;
      const lans = this.#cards().map(({ lan }) => lan?.name);
      throw new CableCarError('ERR_OPTION', `${seen}, expected one of ${lans.join(', ')}`);
    }
    for (const card of cards) {
      change(card);
      this.#tell(`${what} at ${card.lan!.name}, ${card.name} ${card.address}`);
    }
    this.#kernel.nicsChanged();
    this.#network.changed();
  }

  #set(card: Nic, up: boolean): void {
    const plugging = this.#plugging.get(card);
    if (plugging) this.#kernel.engine.queue.remove(plugging);
    this.#plugging.delete(card);
    card.up = up;
  }

  #tell(what: string): void {
    this.#network.tellAll(`${this.name} ${what}`);
  }
}
