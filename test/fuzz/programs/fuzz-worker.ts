// Fuzzes every target: fuzz-worker SEED INPUTS, with --expose-gc. Its last line is what it found.
import { campaign, type Finding } from '../campaign.ts';
import { TARGETS } from '../targets.ts';

const [seed = 1, inputs = 1_000] = process.argv.slice(2).map(Number);
/** What may be left once the garbage is gone: caches, compiled code. */
const GROWTH_BYTES = 4 * 2 ** 20;

const used = (): number => {
  // The memory of buffers goes with the collection after the one that finds them.
  for (let time = 0; time < 3; time++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const findings: Finding[] = [];
/** A slow target gets fewer inputs, a fast one more; all together as many as were asked for. */
const SHARE: Readonly<Record<string, number>> = { sessions: 0.03, handshakes: 0.07 };
const rest = 1 - Object.values(SHARE).reduce((sum, share) => sum + share, 0);
const others = TARGETS.filter(({ name }) => !(name in SHARE)).length;
let done = 0;
for (const target of TARGETS) {
  const count = Math.round(inputs * (SHARE[target.name] ?? rest / others));
  // Half of them to warm up: what is there then must be enough for the other half.
  const half = Math.ceil(count / 2);
  findings.push(...campaign(target, { seed, inputs: half }));
  const before = used();
  findings.push(...campaign(target, { seed: seed + 1_000, inputs: half }));
  const grown = used() - before;
  done += 2 * half;
  if (grown > GROWTH_BYTES) {
    findings.push({
      target: target.name,
      seed,
      index: 0,
      sentence: `${grown} bytes more than before`,
    });
  }
}
console.log(JSON.stringify({ done, findings }));
