import type { Figures } from './channel.ts';
import type { Comparison, Entry } from './comparison.ts';
import { TwoHosts } from './hosts.ts';
import { quantile } from './quantile.ts';
import { perform } from './run.ts';
import { spreadOf } from './spread.ts';

/** What became of a contender's newcomers. */
interface Arrivals {
  readonly times: number[];
  readonly failures: Error[];
}

/**
 * One round of meetings: newcomers of all contenders in turns, so many of each, on one host and those who are there on
 * another. Answers what came of each, or why no newcomer of it arrived.
 */
export async function meetInTurns(
  { settings, workload }: Pick<Comparison, 'settings' | 'workload'>,
  entries: readonly Entry[],
  onRun: (entry: Entry) => void,
): Promise<ReadonlyMap<Entry, Figures | Error>> {
  const arrivals = new Map<Entry, Arrivals>(
    entries.map((entry) => [entry, { times: [], failures: [] }]),
  );
  try {
    await using network = await TwoHosts.create();
    const { hosts } = network;
    for (let left = settings.count ?? 1; left > 0; left--) {
      for (const [entry, { times, failures }] of arrivals) {
        onRun(entry);
        try {
          const { sender } = await perform({ workload, settings, ...entry }, { hosts });
          times.push(sender['metMs'] as number);
        } catch (error) {
          failures.push(error as Error);
        }
      }
    }
  } catch (cause) {
    const why = new Error(`two hosts cannot be made here: ${(cause as Error).message}`, { cause });
    return new Map(entries.map((entry) => [entry, why]));
  }
  return new Map([...arrivals].map(([entry, came]) => [entry, figuresOf(came)]));
}

function figuresOf({ times, failures }: Arrivals): Figures | Error {
  if (times.length === 0) return failures[0] as Error;
  const { median, high } = spreadOf(times);
  const p95 = quantile(
    times.toSorted((one, other) => one - other),
    0.95,
  );
  return { medianMs: median, p95Ms: p95, worstMs: high, failed: failures.length };
}
