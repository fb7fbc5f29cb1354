import type { Figures } from './channel.ts';
import type { Comparison, Entry } from './comparison.ts';
import { meetInTurns } from './meetings.ts';
import { perform, type Outcome } from './run.ts';
import { spreadOf, type Spread } from './spread.ts';

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
): Promise<Result> {
  const { rounds, figure } = comparison;
  const absent: { label: string; why: string }[] = [];
  const outcomes = new Map<Entry, Figures[]>(comparison.entries.map((entry) => [entry, []]));
  for (let round = 0; round <= rounds; round++) {
    const entries = [...outcomes.keys()];
    const came = await performRound(comparison, entries, round, (entry) => onRun(entry, round));
    for (const [entry, outcome] of came) {
      if (outcome instanceof Error) {
        outcomes.delete(entry);
        absent.push({ label: entry.label, why: outcome.message });
      } else if (round > 0 || rounds === 0) {
        outcomes.get(entry)?.push(outcome);
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

/** One round of all that take part: what each measured, or why it did not and takes part no longer. */
async function performRound(
  { workload, settings }: Comparison,
  entries: readonly Entry[],
  round: number,
  onRun: (entry: Entry) => void,
): Promise<ReadonlyMap<Entry, Figures | Error>> {
  if (workload === 'meeting') {
    const { count = 1 } = settings;
    return meetInTurns(
      { workload, settings: { ...settings, count: round > 0 ? count : 1 } },
      entries,
      onRun,
    );
  }
  const outcomes = new Map<Entry, Figures | Error>();
  for (const entry of entries) {
    onRun(entry);
    const run = { workload, settings: { ...settings, isThorough: round === 0 }, ...entry };
    try {
      outcomes.set(entry, flat(await perform(run)));
    } catch (error) {
      if (round > 0) throw error; // it ran before: that is a failure
      outcomes.set(entry, error as Error);
    }
  }
  return outcomes;
}

function flat(outcome: Outcome): Figures {
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
