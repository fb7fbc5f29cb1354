import type { WholeRange } from '@cablecar/core-protocol';

/** The ports that programs of users have. Those below belong to the system: whoever names one is up to no good. */
export const USER_PORTS: WholeRange = { low: 1024, high: 65_535 };
