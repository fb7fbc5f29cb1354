import { constants } from 'node:os';

/** What asks a program to end. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Has those end this program in order, so that whatever is bound to its end is done: a profile is written, children end. */
export function exitOnSignals(): void {
  for (const signal of ENDING_SIGNALS) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
