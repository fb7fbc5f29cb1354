/** Options of talkers whose peers are suspected and connections given up early, where little time is to be spent. */
export const HASTY = { heartbeatIntervalMs: 100, suspectAfterMs: 500, silenceTimeoutMs: 1_000 };

/** Options of talkers of whom there are so many on one machine that it takes long until each has its turn. */
export const CROWDED = { handshakeTimeoutMs: 20_000, resumeWindowMs: 120_000 };
