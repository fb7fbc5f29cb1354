import { perform, type Outcome, type Run } from './run.ts';
import { spreadOf, type Spread } from './spread.ts';

/** One of those that are compared: a contender and a payload, under a label of its own. */
export interface Entry {
  readonly label: string;
  readonly contender: string;
  readonly payload: string;
}

/** A comparison: a workload by several, in turns. */
export interface Comparison extends Pick<Run, 'workload' | 'settings'> {
  readonly id: string;
  readonly title: string;
  /** The first is the measure for the others. */
  readonly entries: readonly Entry[];
  /** Rounds that count; one before them warms the machine up and looks at every byte. */
  readonly rounds: number;
  /** The figure that is compared, such as `receiver.perSecond`. */
  readonly figure: string;
}

/** What came of one entry. */
export interface Row extends Entry {
  readonly figures: Readonly<Record<string, Spread>>;
  /** The compared figure over that of the first entry in the same round. */
  readonly ratio: Spread;
}

/** What came of a comparison. */
export interface Result extends Omit<Comparison, 'entries'> {
  readonly rows: readonly Row[];
  /** Entries that did not run, and why. */
  readonly absent: readonly { readonly label: string; readonly why: string }[];
}

/** Runs a comparison in interleaved rounds: A B C, A B C, … `onRun` hears of each run. */
export async function compare(
  comparison: Comparison,
  onRun: (entry: Entry, round: number) => void,
  nodeOptions: readonly string[] = [],
): Promise<Result> {
  const { entries, rounds, figure, workload, settings } = comparison;
  const absent: { label: string; why: string }[] = [];
  const outcomes = new Map<Entry, Record<string, number>[]>(entries.map((entry) => [entry, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [entry, own] of outcomes) {
      onRun(entry, round);
      const run = { workload, settings: { ...settings, isThorough: round === 0 }, ...entry };
      try {
        const outcome = await perform(run, nodeOptions);
        if (round > 0 || rounds === 0) own.push(flat(outcome));
      } catch (error) {
        if (round > 0) throw error; // it ran before: that is a failure
        outcomes.delete(entry);
        absent.push({ label: entry.label, why: (error as Error).message });
      }
    }
  }
  const base = outcomes.values().next().value ?? [];
  const rows = [...outcomes].map(([entry, own]): Row => {
    const names = Object.keys(own[0] ?? {});
    const figures = names.map((name) => [name, spreadOf(own.map((one) => one[name] as number))]);
    const ratios = own.map((one, at) => (one[figure] as number) / (base[at]?.[figure] as number));
    return { ...entry, figures: Object.fromEntries(figures), ratio: spreadOf(ratios) };
  });
  const { entries: _, ...rest } = comparison;
  return { ...rest, rows, absent };
}

function flat(outcome: Outcome): Record<string, number> {
  const named = Object.entries(outcome).flatMap(([end, figures]) =>
    Object.entries(figures as Record<string, number>).map(([name, value]) => [
      `${end}.${name}`,
      value,
    ]),
  );
  const figures = Object.fromEntries(named) as Record<string, number>;
  const { 'receiver.cpuNs': receiving, 'sender.cpuNs': sending } = figures;
  if (receiving === undefined || sending === undefined) return figures;
  // What two cores of their own would do: the one figure that a busy machine leaves alone.
  return { ...figures, perCpuSecond: 1e9 / Math.max(receiving, sending) };
}
