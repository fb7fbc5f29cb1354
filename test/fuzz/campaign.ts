import { Prng } from '@cablecar/simulator';
import { mutate } from './mutate.ts';
import type { Target } from './target.ts';

/** One input that did what must not happen. */
export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly sentence: string;
}

/** How a campaign is run. */
export interface CampaignOptions {
  readonly seed: number;
  readonly inputs: number;
}

const BATCH = 500;
/** No single input may take longer. */
const LONGEST_MS = 50;
/** A batch that takes no longer has no such input in it, give or take what the machine does beside. */
const ENOUGH = 5;

/** Input `index` of a seed: valid ones are among them, the others are damaged. */
export function runInput(target: Target, seed: number, index: number): void {
  const prng = new Prng(seed * 2 ** 20 + index, target.name);
  const valid = target.valid(prng);
  const isValid = index % 16 === 0;
  target.run(isValid ? valid : mutate(valid, prng), prng, isValid);
}

/** Gives a target many inputs; answers those that it did not take well, at most a few. */
export function campaign(target: Target, { seed, inputs }: CampaignOptions): Finding[] {
  const findings: Finding[] = [];
  const find = (index: number, sentence: string): void =>
    void findings.push({ target: target.name, seed, index, sentence });
  for (let first = 0; first < inputs && findings.length < ENOUGH; first += BATCH) {
    const last = Math.min(inputs, first + BATCH);
    const begin = performance.now();
    for (let index = first; index < last; index++) {
      try {
        runInput(target, seed, index);
      } catch (thrown) {
        find(index, String(thrown));
      }
    }
    if (performance.now() - begin < LONGEST_MS) continue;
    const slow = slowOf(target, seed, [first, last]);
    if (slow !== undefined) find(slow, `took more than ${LONGEST_MS} ms, three times in a row`);
  }
  return findings;
}

/** The input of a batch that is slow whenever it is run, and not when the machine was busy. */
function slowOf(
  target: Target,
  seed: number,
  [first, last]: readonly [number, number],
): number | undefined {
  for (let index = first; index < last; index++) {
    if ([0, 1, 2].every(() => timeOf(() => runInput(target, seed, index)) > LONGEST_MS))
      return index;
  }
  return undefined;
}

function timeOf(act: () => void): number {
  const begin = performance.now();
  try {
    act();
  } catch {
    // It has been told of already.
  }
  return performance.now() - begin;
}
