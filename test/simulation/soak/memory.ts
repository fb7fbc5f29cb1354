/** A moment at which all was quiet. */
export interface Sample {
  readonly atHours: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** The memory in use, without what a collection would free; exact only where Node runs with --expose-gc. */
export function sampleMemory(atHours: number): Sample {
  for (let time = 0; time < 2; time++) globalThis.gc?.(); // the second one waits for the buffers of the first
  const { heapUsed, external, rss } = process.memoryUsage();
  return { atHours, heapBytes: heapUsed + external, residentBytes: rss };
}

/** How fast something grows, in units an hour: the straight line that fits best. */
export function slope(samples: readonly Sample[], what: 'heapBytes' | 'residentBytes'): number {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [middle, average] = [mean(({ atHours }) => atHours), mean((sample) => sample[what])];
  const spread = mean(({ atHours }) => (atHours - middle) ** 2);
  return mean((sample) => (sample.atHours - middle) * (sample[what] - average)) / spread;
}
