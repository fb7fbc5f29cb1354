import type { Transport } from '@cablecar/core-protocol';
import type { Kernel } from './kernel.ts';
import type { Network } from './network.ts';
import { type Farewell, type OpenHandle, Process } from './process.ts';
import { SimTransport } from './sim-transport.ts';

/** How a program crashes. */
export interface CrashOptions {
  /** What becomes of its sockets. @default 'close' */
  readonly sockets?: Farewell;
}

/** One program on a host. It shares the host's addresses and ports with the others there, and lives until it crashes. */
export class SimProgram {
  /** Its name in the transcript: the host's, with its own behind a slash unless it is the host's first. */
  readonly name: string;
  readonly #network: Network;
  readonly #kernel: Kernel;
  readonly #lives: Process[] = [];
  #transport!: SimTransport;

  /** @internal */
  constructor(network: Network, kernel: Kernel, name: string) {
    this.name = name;
    this.#network = network;
    this.#kernel = kernel;
    this.#begin();
  }

  /** What the program is given in place of real sockets, time and chance; a new one after a restart. */
  get transport(): Transport {
    return this.#transport;
  }

  /** Whether it has not crashed. */
  get alive(): boolean {
    return this.#life.alive;
  }

  /** Everything that the program has open: sockets, dials under way, and timers. */
  openHandles(): readonly OpenHandle[] {
    const life = this.#life;
    const sockets = [...life.handles].map(({ kind, detail }) => ({ kind, detail }));
    const timers = life
      .timers()
      .map(({ at }) => ({ kind: 'timer', detail: `due at ${at} ms` }) as const);
    return [...sockets, ...timers];
  }

  /** Ends the program at once: none of its code is called any more, and nothing that it still does has any effect. */
  crash({ sockets = 'close' }: CrashOptions = {}): void {
    if (!this.alive) return;
    this.#network.tellAll(`${this.#life.id} crashes`);
    this.#life.die(sockets);
  }

  /** Begins another life with a transport of its own, after a crash if there was none. */
  restart(): Transport {
    this.crash();
    this.#begin();
    for (const life of this.#lives) life.vanished = false; // the system that is there now answers for them
    this.#network.changed();
    return this.transport;
  }

  get #life(): Process {
    return this.#lives.at(-1)!;
  }

  #begin(): void {
    const number = this.#lives.length + 1;
    const id = number === 1 ? this.name : `${this.name}(${number})`;
    const life = new Process(id, this.#kernel, this.#network.seed);
    this.#lives.push(life);
    this.#network.processes.push(life);
    this.#transport = new SimTransport(this.#network, life);
  }
}
