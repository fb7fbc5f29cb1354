/** How many there are of everything that a program must give back. */
export type Census = Readonly<Record<string, number>>;

/** Counts things by their kind. */
export function countKinds(kinds: readonly string[]): Census {
  const counts: Record<string, number> = {};
  for (const kind of kinds.toSorted()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** What has become more or less, in words; undefined where nothing has. */
export function difference(before: Census, after: Census): string | undefined {
  const kinds = new Set([...Object.keys(before), ...Object.keys(after)]);
  const changed = [...kinds].filter((kind) => (before[kind] ?? 0) !== (after[kind] ?? 0));
  if (changed.length === 0) return undefined;
  return changed
    .map((kind) => `${after[kind] ?? 0} of kind '${kind}', expected ${before[kind] ?? 0}`)
    .join('; ');
}

/** A census in words. */
export function sayCensus(census: Census): string {
  return Object.entries(census)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
