import { expect, test } from 'vitest';
import type { LanHost } from '../network/lan-host.ts';
import type { LanProcess } from '../network/lan-process.ts';
import { describeLan } from '../network/lan.ts';
import { bundle } from '../support/bundle.ts';

const TASKS = Array.from({ length: 40 }, (_, number) => number);

async function run(host: LanHost, name: string): Promise<LanProcess> {
  return host.spawn(await bundle('examples/work-sharing.ts'), [name, '--lan']);
}

/** Waits until a program has printed what fits. */
async function said(program: LanProcess, pattern: RegExp): Promise<void> {
  await expect.poll(() => program.complaints, { timeout: 30_000 }).toMatch(pattern);
}

describeLan('the example work-sharing', (createLan) => {
  test('does each task once, though a helper is killed at work and others come late', async () => {
    const lan = await createLan(4);
    const ada = await run(lan.host(0), 'ada');
    const bob = await run(lan.host(1), 'bob');
    await said(ada, /by bob/);
    bob.signal('SIGKILL');
    const [cleo, dan] = await Promise.all([run(lan.host(2), 'cleo'), run(lan.host(3), 'dan')]);
    for (const program of [ada, cleo, dan])
      expect(await program.exited, program.complaints).toBe(0);

    const results = [...ada.complaints.matchAll(/^task (\d+) by (\w+): \d+ primes$/gm)].map(
      ([, task, helper]) => ({ task: Number(task), helper }),
    );
    expect(results.map(({ task }) => task).sort((a, b) => a - b)).toEqual(TASKS);
    const [, dropped] = /^bob has left, task (\d+) goes to another$/m.exec(ada.complaints) ?? [];
    expect(results.find(({ task }) => task === Number(dropped))?.helper).toMatch(/cleo|dan/);
    expect(ada.complaints).toContain('40 results: there are 283146 primes below 4000000');
    for (const [program, name] of [
      [cleo, 'cleo'],
      [dan, 'dan'],
    ] as const) {
      const own = results.filter(({ helper }) => helper === name).length;
      expect(own).toBeGreaterThan(0);
      expect(program.complaints).toContain(`helped with ${own} tasks`);
    }
  });
});
