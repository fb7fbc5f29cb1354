/** A figure over several rounds, to four digits. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The spread of some values, of which there must be one. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const above = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? above : (above + (sorted[middle - 1] as number)) / 2;
  return {
    median: digits(median),
    low: digits(sorted[0] as number),
    high: digits(sorted[sorted.length - 1] as number),
  };
}

function digits(value: number): number {
  return Number(value.toPrecision(4));
}
