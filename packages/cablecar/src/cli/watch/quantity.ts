const UNITS = ['', 'k', 'M', 'G'];

/** A rate in few characters: `0`, `7.5`, `12`, `3.4k`. */
export function quantity(value: number): string {
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < UNITS.length - 1) {
    rest /= 1000;
    unit++;
  }
  const isWhole = rest >= 10 || Number.isInteger(rest);
  return `${isWhole ? Math.round(rest) : rest.toFixed(1)}${UNITS[unit]}`;
}

/** A duration in few characters: `7s`, `3m`, `2h`, `4d`. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}
