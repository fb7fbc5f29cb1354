import { bundle } from '../support/bundle.ts';
import type { LanHost } from './lan-host.ts';
import type { LanProcess, Line } from './lan-process.ts';

/** Whether a line is of a kind, with these facts. */
function of(kind: string, facts: Line = {}): (line: Line) => boolean {
  return (line) =>
    line['kind'] === kind && Object.entries(facts).every(([key, value]) => line[key] === value);
}

/** Our program on a classic wire, on a host of a LAN. */
export class ClassicProgram {
  readonly process: LanProcess;

  private constructor(process: LanProcess) {
    this.process = process;
  }

  /** Starts it; resolves when it takes commands. */
  static async start(
    host: LanHost,
    wire: 'json' | 'byte',
    style: 'events' | 'loop' | 'frames' = 'events',
  ): Promise<ClassicProgram> {
    const path = await bundle('test/network/programs/classic-peer.ts');
    const program = new ClassicProgram(host.spawn(path, [wire, style]));
    await program.next('ready');
    return program;
  }

  /** Starts it and has it join. */
  static async joined(
    host: LanHost,
    wire: 'json' | 'byte' = 'json',
    options: Line = {},
  ): Promise<ClassicProgram> {
    const program = await ClassicProgram.start(host, wire);
    await program.join(options);
    return program;
  }

  tell(what: string, facts: Line = {}): void {
    this.process.tell({ do: what, ...facts });
  }

  next(kind: string, facts: Line = {}, timeoutMs = 30_000): Promise<Line> {
    return this.process.next(of(kind, facts), { timeoutMs });
  }

  /** What it has printed of a kind so far. */
  all(kind: string, facts: Line = {}): readonly Line[] {
    return this.process.printed.filter(of(kind, facts));
  }

  /** Waits until it has printed so many of a kind, and gives them. */
  async gather(kind: string, count: number, facts: Line = {}): Promise<readonly Line[]> {
    while (this.all(kind, facts).length < count) {
      await this.process.next(() => true, { timeoutMs: 30_000 });
    }
    return this.all(kind, facts);
  }

  async join(options: Line = {}): Promise<void> {
    this.tell('join', options);
    await this.next('joined');
  }

  /** Has it close everything, and gives how long that took. */
  async close(): Promise<number> {
    this.tell('close');
    return (await this.next('closed'))['ms'] as number;
  }
}
