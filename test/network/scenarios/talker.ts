import { ahead } from '../../support/ahead.ts';
import { bundle } from '../../support/bundle.ts';
import { Program, type Line } from '../../support/program.ts';
import type { LanHost } from '../lan-host.ts';
import type { TalkerOptions, TalkerOrder, TalkerReport } from '../programs/talker.ts';

/** What a talker prints of a peer. */
export type TalkerEvent = 'peer' | 'suspect' | 'resume' | 'close';

/** How a talker is run. */
export interface TalkerSettings extends TalkerOptions {
  /** Whether it runs ahead of everything else on the machine, for the sake of what is measured of it. */
  readonly isTimed?: boolean;
}

const LOADING_MS = 60_000;

/** A talker in a process of its own on a host. */
export class Talker extends Program {
  readonly host: LanHost;
  readonly name: string;
  #asked = 0;

  private constructor(host: LanHost, name: string, command: readonly string[]) {
    super(`talker ${name}`, [...host.inside, ...command]);
    this.host = host;
    this.name = name;
  }

  /** Resolves when its code is loaded. */
  static async load(host: LanHost, settings: TalkerSettings): Promise<Talker> {
    const { isTimed = false, ...options } = settings;
    const path = await bundle('test/network/programs/talker.ts');
    const command = [process.execPath, path, JSON.stringify(options)];
    const talker = new Talker(host, options.name, isTimed ? ahead(command) : command);
    await talker.next(({ kind }) => kind === 'loaded', { timeoutMs: LOADING_MS });
    return talker;
  }

  /** Gives it an order. */
  order(order: TalkerOrder): void {
    this.tell({ ...order });
  }

  /** Resolves when it is listening and announcing. */
  async join(): Promise<void> {
    this.order({ do: 'join' });
    await this.next(({ kind }) => kind === 'joined');
  }

  /** Has it close as a program should; resolves when it has. It can still be asked for its report. */
  async close(): Promise<void> {
    this.order({ do: 'close' });
    await this.next(({ kind }) => kind === 'closed');
  }

  /** What it knows at this moment. */
  async report(): Promise<TalkerReport> {
    const ask = ++this.#asked;
    this.order({ do: 'report', ask });
    const line = await this.next((one) => one['kind'] === 'report' && one['ask'] === ask);
    return line as unknown as TalkerReport;
  }

  /** When the first event of that kind after a moment came, be it past or still to come. */
  async when(event: TalkerEvent, since = -Infinity, timeoutMs = 60_000): Promise<number> {
    const fits = (line: Line): boolean => line['kind'] === event && Number(line['at']) >= since;
    const line = this.printed.find(fits) ?? (await this.next(fits, { timeoutMs }));
    return Number(line['at']);
  }

  /** The events of that kind up to now. */
  events(event: TalkerEvent): readonly Line[] {
    return this.printed.filter(({ kind }) => kind === event);
  }
}
