import { CableCarError, type Millis, type Transport } from '@cablecar/core-protocol';
import type { Firewall, Kernel } from './kernel.ts';
import type { Nic } from './lan.ts';
import type { Network } from './network.ts';
import type { OpenHandle } from './process.ts';
import { type CrashOptions, SimProgram } from './sim-program.ts';

/** How a host begins. */
export interface HostOptions {
  /** The LANs it is on; a LAN comes into being with its first host. @default ['lan'] */
  readonly lans?: readonly string[];
  /** Addresses on some of them, by LAN; the n-th LAN of a world is 10.n.0.0/16. Others are assigned. */
  readonly addresses?: Readonly<Record<string, string>>;
}

/** How a host sleeps. */
export interface SleepOptions {
  /** Whether its monotonic clock and its timers stand still meanwhile, as on Linux, or run on. @default 'stops' */
  readonly monotonicClock?: 'stops' | 'runs';
}

/** One computer of the world. */
export class SimHost {
  readonly name: string;
  readonly #network: Network;
  readonly #kernel: Kernel;
  readonly #programs = new Map<string, SimProgram>();

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

  /** Pulls its cable out of a LAN, or of all. Connections hang, and programs find the interface gone. */
  unplug(lan?: string): void {
    this.#changeCards(lan, 'is unplugged', (card) => (card.up = false));
  }

  /** Puts the cable back in. */
  plug(lan?: string): void {
    this.#changeCards(lan, 'is plugged in', (card) => (card.up = true));
  }

  /** Gives it another address on a LAN, or on all. Connections from the old one are dead, and nobody is told. */
  readdress(lan?: string, address?: string): void {
    this.#changeCards(lan, 'changes its address', (card) => {
      card.address = card.lan!.assign(address);
    });
  }

  /** Lets in less than everything, or everything again. */
  firewall(rules: Firewall): void {
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

  #tell(what: string): void {
    this.#network.tellAll(`${this.name} ${what}`);
  }
}
