/** The value below which a part of all values lie; `values` in ascending order. */
export function quantile(values: readonly number[], part: number): number {
  const rank = Math.ceil(part * values.length) - 1;
  return values[Math.min(Math.max(rank, 0), values.length - 1)] ?? Number.NaN;
}
