/** What a process has in use. */
export interface Memory {
  readonly heap: number;
  readonly resident: number;
}

/** The process's memory after what is garbage has gone; the kernel's buffers are not in it. */
export function memory(): Memory {
  globalThis.gc?.();
  globalThis.gc?.(); // buffers are given back by the next one
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

/** How much of it has come for each of so many peers. */
export function grown(before: Memory, count: number): Record<string, number> {
  const { heap, resident } = memory();
  return {
    heapBytesPerPeer: (heap - before.heap) / count,
    residentBytesPerPeer: (resident - before.resident) / count,
  };
}
