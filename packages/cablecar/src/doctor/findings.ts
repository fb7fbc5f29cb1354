import type { FindingSpec } from './finding.ts';
import { FINDINGS_BETWEEN } from './findings-between.ts';
import { FINDINGS_HERE } from './findings-here.ts';

/** The code of a {@link Finding}. */
export type FindingCode = keyof typeof FINDINGS_HERE | keyof typeof FINDINGS_BETWEEN;

/** Everything that `diagnose()` can find. The doctor's words and docs/troubleshooting.md are made from this table. */
export const FINDINGS: Readonly<Record<FindingCode, FindingSpec>> = {
  ...FINDINGS_HERE,
  ...FINDINGS_BETWEEN,
};
