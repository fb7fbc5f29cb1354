import { expect } from 'vitest';
import { bundle } from '../../support/bundle.ts';
import { Program } from '../../support/program.ts';
import type { LanHost } from '../lan-host.ts';
import type { CrossingsOptions } from '../programs/crossings.ts';
import type { TalkerReport } from '../programs/talker.ts';
import { judge } from './judge.ts';
import { describeScenarios } from './scenario.ts';

async function meeting(host: LanHost, options: CrossingsOptions): Promise<readonly TalkerReport[]> {
  const path = await bundle('test/network/programs/crossings.ts');
  const command = [process.execPath, path, JSON.stringify(options)];
  const program = new Program(options.name, [...host.inside, ...command]);
  await program.next(({ kind }) => kind === 'done', { timeoutMs: 200_000 });
  const met = program.printed.filter(({ kind }) => kind === 'met');
  return met.sort((one, other) => Number(one['number']) - Number(other['number'])) as never;
}

describeScenarios('crossing', (scenario) => {
  scenario('22: two who dial each other at the same time', async ({ stage, scale }) => {
    const { lan } = await stage(2);
    const meetings = scale(1_000, 50);
    const dials = lan.hosts.map((host) => host.countDialsSent());
    const [some = [], others = []] = await Promise.all(
      lan.hosts.map((host, index) =>
        meeting(host, { name: `host ${index}`, meetings, atOnce: 4, messages: 10 }),
      ),
    );
    expect([some.length, others.length]).toEqual([meetings, meetings]);
    for (const [number, one] of some.entries()) {
      const pair = [one, others[number]!];
      expect(pair.map(({ conversations }) => conversations.length)).toEqual([1, 1]);
      const each = { lost: 0, doubled: 0, reordered: 0, damaged: 0, strange: 0, undelivered: 0 };
      expect(judge({ living: pair })).toEqual({ said: 20, heard: 20, ...each });
    }
    const crossed = dials.map((count) => count()).reduce((sum, count) => sum + count) - meetings;
    expect(crossed).toBeGreaterThanOrEqual(meetings / 2);
    return { ...judge({ living: [...some, ...others] }), crossed };
  });
});
