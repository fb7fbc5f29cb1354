import { Program } from '../support/program.ts';
import { insideNamespace } from './namespaces.ts';

/** How bad a {@link TapSwitch} is. */
export interface SwitchFaults {
  /** How long everything takes, and how much longer it may take at random, which also reorders. */
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** The part of all frames that is lost. */
  readonly loss?: number;
  /** The part of all frames that comes twice. */
  readonly duplicates?: number;
  /** How fast each cable is towards its host; 0 is no limit. */
  readonly bitsPerSecond?: number;
}

/** What a {@link TapSwitch} has done so far, in frames. */
export interface SwitchCounts {
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  /** Those that came after a later one. */
  readonly overtaken: number;
  /** Those for which too much waited already at a slow cable. */
  readonly dropped: number;
}

/**
 * A switch that delays, reorders, loses, doubles and slows what it forwards, as it is told: a program of its own, since
 * few kernels have such a thing. Its port i is the device `tap<i>` of its namespace until a host takes it.
 */
export class TapSwitch {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  /** Resolves when its ports are there. */
  static async start(namespace: string, ports: number, seed: number): Promise<TapSwitch> {
    const script = ['python3', 'test/network/programs/tap-switch.py', String(ports), String(seed)];
    const program = new Program(`tap switch, seed ${seed}`, [
      ...insideNamespace(namespace),
      ...script,
    ]);
    await program.next(({ kind }) => kind === 'ready');
    return new TapSwitch(program);
  }

  /** Changes some of what is wrong with it; resolves when that holds, with what it has done so far. */
  async set(faults: SwitchFaults): Promise<SwitchCounts> {
    this.#program.tell({ ...faults });
    return (await this.#program.next((line) => 'sent' in line)) as unknown as SwitchCounts;
  }

  /** Ends it, and its cables with it. */
  async close(): Promise<void> {
    await this.#program.stop();
  }
}
