import { bundle } from './bundle.ts';
import { Program } from './program.ts';

/** What a program that does nothing costs. */
export interface IdleCost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly sentPerSecond: number;
  readonly heardPerSecond: number;
  /** How many peers it had in the end. */
  readonly peers: number;
}

/** What is to be measured. */
export interface Idling {
  /** The options of `join()`, for each of the programs. */
  readonly programs: readonly object[];
  /** Whether they are to have met before it begins. */
  readonly meet: boolean;
  /** How long they run before it begins: at first most of the cost is that of compiling. */
  readonly warmUpMs: number;
  readonly forMs: number;
}

/** Has programs join in processes of their own and do nothing for a while, and gives what each of them used. */
export async function idleCost({
  programs,
  meet,
  warmUpMs,
  forMs,
}: Idling): Promise<readonly IdleCost[]> {
  const path = await bundle('test/system/programs/idle.ts');
  const running = programs.map(
    (options, index) =>
      new Program(`idle ${index}`, [process.execPath, path, JSON.stringify(options)]),
  );
  const measured = (ms: number): Promise<readonly IdleCost[]> =>
    Promise.all(
      running.map(async (program) => {
        program.tell({ do: 'measure', ms });
        const line = await program.next(({ kind }) => kind === 'idle', { timeoutMs: ms + 30_000 });
        return line as unknown as IdleCost;
      }),
    );
  try {
    const begun = meet ? 'peer' : 'joined';
    const isBegun = ({ kind }: { kind?: unknown }): boolean => kind === begun;
    await Promise.all(running.map((program) => program.next(isBegun)));
    await measured(warmUpMs);
    return await measured(forMs);
  } finally {
    await Promise.all(running.map((program) => program.stop()));
  }
}

/** The cost in words. */
export function sayIdleCost(cost: IdleCost): string {
  const { seconds, cpuSeconds, sentPerSecond, heardPerSecond } = cost;
  const percent = ((100 * cpuSeconds) / seconds).toFixed(3);
  const datagrams = `${sentPerSecond.toFixed(2)} datagrams sent and ${heardPerSecond.toFixed(2)} heard a second`;
  return `${percent} % of a processor over ${seconds.toFixed(1)} s, ${datagrams}`;
}
