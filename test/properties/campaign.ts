import * as fc from 'fast-check';
import { MESSAGE_PROPERTIES } from './messages.ts';
import type { Property } from './property.ts';
import { STREAM_PROPERTIES } from './streams.ts';

/** Everything that is to hold; what they are of a hundred cases is 100 in all. */
export const PROPERTIES: readonly Property[] = [...MESSAGE_PROPERTIES, ...STREAM_PROPERTIES];

/** What came of one property. */
export interface Finding {
  readonly name: string;
  readonly cases: number;
  /** The smallest case that does not hold, in words. */
  readonly failure: string | undefined;
}

/** Tries a property on its part of so many cases. */
export async function tryOut(
  { name, percent, check }: Property,
  { cases, seed }: { readonly cases: number; readonly seed: number },
): Promise<Finding> {
  const numRuns = Math.ceil((cases * percent) / 100);
  const details = await fc.check(check, { numRuns, seed });
  const failure = details.failed ? await fc.asyncDefaultReportMessage(details) : undefined;
  return { name, cases: details.numRuns, failure };
}
