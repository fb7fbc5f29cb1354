import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { expectConnections, joinAtOnce } from '../support/full-mesh.ts';
import { quantile } from '../support/quantile.ts';
import type { LanHost } from './lan-host.ts';
import { describeLan } from './lan.ts';
import { loaded } from './peer-program.ts';

const RUNS = 20;
/** A join may take so much of the time in which Node starts: 50 ms on a machine where that takes 60. */
const MOST_OF_A_START = 5 / 6;

/** How long Node takes to start and to end, in milliseconds: both it and a join are code that has never run before. */
function startOfNode(): number {
  const before = performance.now();
  spawnSync(process.execPath, ['--eval', '0']);
  return performance.now() - before;
}

/** How long a newcomer takes to meet one who is there, in milliseconds from its `join()` to its `'peer'`, run by run. */
async function meetingTimes(
  first: LanHost,
  second: LanHost,
  hosts: readonly unknown[] = [first.address()],
): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const [ada, bob] = await Promise.all([
      loaded(first, { name: 'ada' }),
      loaded(second, { name: 'bob' }),
    ]);
    ada.tell({ do: 'join' });
    await ada.next(({ kind }) => kind === 'joined');
    bob.tell({ do: 'join' });
    const met = await bob.next(({ kind }) => kind === 'peer');
    expect(met).toMatchObject({ name: 'ada' });
    expect(hosts).toContainEqual(met['host']);
    times.push(Number(met['ms']));
    await ada.next(({ kind, name }) => kind === 'peer' && name === 'bob');
    await Promise.all([ada.stop(), bob.stop()]);
  }
  return times.sort((one, other) => one - other);
}

function show(what: string, times: readonly number[]): void {
  const figures = [0, 0.5, 0.95, 1].map((part) => quantile(times, part).toFixed(1));
  console.log(`${what}, ${RUNS} runs: least, median, p95, most: ${figures.join(', ')} ms`);
}

describeLan('two fresh processes on two hosts without a default route', (createLan) => {
  test('meet in less time than Node itself takes to start', { timeout: 120_000 }, async () => {
    const lan = await createLan(2);
    const starts = Array.from({ length: RUNS }, startOfNode).sort((one, other) => one - other);
    show('Node starts', starts);
    let median = Infinity;
    const most = MOST_OF_A_START * quantile(starts, 0.5);
    // What else the machine does at that moment is no part of it: the best of three series counts.
    for (let series = 0; series < 3 && median > most; series++) {
      const times = await meetingTimes(lan.host(0), lan.host(1));
      show('join() to peer', times);
      median = quantile(times, 0.5);
    }
    expect(median).toBeLessThanOrEqual(most);
  });

  test('meet within 2 s where 30 % of all datagrams are lost', { timeout: 120_000 }, async () => {
    const lan = await createLan(2);
    for (const host of lan.hosts) host.loseDatagrams(0.3);
    // Those of IPv6 may be the first that come through.
    const hosts = [lan.host(0).address(), expect.stringMatching(/^fe80:/)];
    const times = await meetingTimes(lan.host(0), lan.host(1), hosts);
    show('join() to peer, 30 % lost', times);
    expect(quantile(times, 0.95)).toBeLessThanOrEqual(2_000);
  });
});

describeLan('twenty hosts that join at once', (createLan) => {
  test('are a full mesh within 3 s, each pair linked once', { timeout: 120_000 }, async () => {
    const lan = await createLan(20);
    const programs = await Promise.all(
      lan.hosts.map((host, index) => loaded(host, { name: `p${index}` })),
    );
    const ms = await joinAtOnce(programs);
    console.log(`20 hosts: a full mesh ${ms.toFixed(0)} ms after the last join()`);
    expect(ms).toBeLessThanOrEqual(3_000);
    for (const [index, program] of programs.entries()) {
      await expectConnections(program, programs.length - 1, lan.host(index).inside);
    }
  });
});
