import type { Result } from './rounds.ts';

/** A result as lines of text: the compared figure, its spread, its ratio to the first, and the other figures. */
export function tableOf({ title, rows, figure, rounds, absent }: Result): string {
  const width = Math.max(...rows.map(({ label }) => label.length), 8);
  const lines = rows.map(({ label, figures, ratio }) => {
    const { [figure]: compared, ...others } = figures;
    const rest = Object.entries(others).map(([name, { median }]) => `${name} ${short(median)}`);
    const value =
      compared && `${short(compared.median)} (${short(compared.low)}–${short(compared.high)})`;
    return [
      label.padEnd(width),
      (value ?? '').padEnd(26),
      `x ${ratio.median.toFixed(3)} (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`.padEnd(24),
      rest.join(', '),
    ].join('  ');
  });
  const missing = absent.map(({ label, why }) => `${label.padEnd(width)}  not measured: ${why}`);
  return [`${title} (${rounds} rounds, medians)`, ...lines, ...missing, ''].join('\n');
}

/** A number with as many digits as one can take in. */
export function short(value: number): string {
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (Math.abs(value) >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return String(Number(value.toPrecision(3)));
}
