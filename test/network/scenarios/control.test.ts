import { expect, test } from 'vitest';
import type { Lan } from '../lan.ts';
import { describeLan } from '../lan.ts';
import type { Plant } from '../talking/conversation.ts';
import { judge, type Verdict } from './judge.ts';
import { Stage } from './stage.ts';

const WITHIN_MS = 5_000;

/** What is found of two talkers of whom one does something wrong on purpose. */
async function verdictOn(lan: Lan, plant: Plant): Promise<Verdict> {
  const stage = new Stage(lan);
  const talkers = [await stage.load(0, { plant }), await stage.load(1)];
  await Promise.all(talkers.map((talker) => talker.join()));
  await stage.untilMet();
  stage.talk({ messages: 100 });
  await stage.until(WITHIN_MS, (living) =>
    living.every(({ conversations: [one] }) => (one?.heard[0]?.count ?? 0) >= 99 && one?.isDone),
  );
  const verdict = judge({ living: await stage.reports() });
  await stage.close();
  return verdict;
}

describeLan('scenarios: what would be wrong is seen', (createLan) => {
  test.for<[Plant, Partial<Verdict>]>([
    ['loss', { lost: 1, heard: 199 }],
    ['double', { doubled: 1, lost: 0 }],
    ['reorder', { reordered: 1, lost: 0 }],
    ['damage', { damaged: 1, lost: 0 }],
  ])('%s', async ([plant, found]) => {
    const clean = { said: 200, lost: 0, doubled: 0, reordered: 0, damaged: 0, strange: 0 };
    expect(await verdictOn(await createLan(2), plant)).toMatchObject({ ...clean, ...found });
  });
});
