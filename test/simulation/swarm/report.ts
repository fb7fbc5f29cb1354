import type { Outcome } from './schedule.ts';

/** One schedule that was wrong. */
export interface Failure {
  readonly seed: number;
  readonly sentence: string;
}

/** What many schedules came to; it adds up over workers. */
export interface Tally {
  schedules: number;
  messages: number;
  /** Seeds that were run twice and went the same way both times. */
  repeated: number;
  readonly peers: Record<string, number>;
  readonly faults: Record<string, number>;
  readonly ends: Record<string, number>;
  readonly failures: Failure[];
}

export function emptyTally(): Tally {
  return { schedules: 0, messages: 0, repeated: 0, peers: {}, faults: {}, ends: {}, failures: [] };
}

/** Counts one schedule that was as it should be. */
export function count(tally: Tally, { plan, messages, faults, ends }: Outcome): void {
  tally.schedules++;
  tally.messages += messages;
  add(tally.peers, { [plan.roles.length]: 1 });
  for (const fault of faults) add(tally.faults, { [fault]: 1 });
  add(tally.ends, ends);
}

/** Adds one tally to another. */
export function merge(into: Tally, from: Tally): void {
  into.schedules += from.schedules;
  into.messages += from.messages;
  into.repeated += from.repeated;
  add(into.peers, from.peers);
  add(into.faults, from.faults);
  add(into.ends, from.ends);
  into.failures.push(...from.failures);
}

/** The tally for people. */
export function describe(tally: Tally, seconds: number): string {
  const rate = Math.round((tally.schedules + tally.repeated) / seconds);
  const list = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .toSorted(([, one], [, other]) => other - one)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  return [
    `${tally.schedules} schedules, ${tally.messages} messages, ${rate} schedules a second, ${seconds.toFixed(0)} s`,
    `programs: ${list(tally.peers)}`,
    `faults: ${list(tally.faults)}`,
    `ends of talks: ${list(tally.ends)}`,
    `run twice with equal transcripts: ${tally.repeated}`,
    `violations: ${tally.failures.length}`,
    ...tally.failures.map(
      ({ seed, sentence }) => `  ${sentence}\n    npm run sim -- --seed ${seed}`,
    ),
  ].join('\n');
}

function add(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(from)) into[name] = (into[name] ?? 0) + times;
}
