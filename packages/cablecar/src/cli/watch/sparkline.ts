const BARS = '▁▂▃▄▅▆▇█';

/** The latest values as bars, each in proportion to the greatest; as wide as told. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const greatest = Math.max(...shown, Number.MIN_VALUE);
  const bars = shown.map((value) => {
    const height = Math.round((value / greatest) * (BARS.length - 1));
    return BARS[height] ?? ' ';
  });
  return bars.join('').padStart(width);
}
