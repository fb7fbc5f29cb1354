import { figureName } from './figure-names.ts';
import type { Result } from './rounds.ts';
import { short } from './table.ts';

const WIDTH = 720;
const ROW = 22;
const NAMES = 150;
const VALUES = 80;
const HEAD = 30;

/** The compared figure of a result as bars: the median, and a line from the lowest round to the highest. */
export function barsOf({ rows, figure, title }: Result): string {
  const spreads = rows.map(({ label, figures }) => ({ label, spread: figures[figure] }));
  const most = Math.max(...spreads.map(({ spread }) => spread?.high ?? 0));
  const scale = (value: number): number => ((WIDTH - NAMES - VALUES) * value) / most;
  const bars = spreads.flatMap(({ label, spread }, index) => {
    if (spread === undefined) return [];
    const { median, low, high } = spread;
    const top = HEAD + index * ROW;
    const middle = top + ROW / 2;
    const fill = label.startsWith('cablecar') ? '#c2410c' : '#64748b';
    return [
      `<text x="${NAMES - 8}" y="${middle + 4}" text-anchor="end">${label}</text>`,
      `<rect x="${NAMES}" y="${top + 3}" width="${scale(median).toFixed(1)}" height="${ROW - 6}" fill="${fill}"/>`,
      `<path d="M${(NAMES + scale(low)).toFixed(1)} ${middle}H${(NAMES + scale(high)).toFixed(1)}" stroke="#0f172a"/>`,
      `<text x="${(NAMES + scale(high) + 6).toFixed(1)}" y="${middle + 4}">${short(median)}</text>`,
    ];
  });
  const height = HEAD + rows.length * ROW + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    '<g font-family="sans-serif" font-size="12" fill="#0f172a">',
    `<text x="${NAMES}" y="18">${figureName(figure)}</text>`,
    ...bars,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
