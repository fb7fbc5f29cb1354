import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { LanHost } from '../network/lan-host.ts';
import { describeLan } from '../network/lan.ts';
import { startPython } from '../python/start-python.ts';

describeLan('the example cpu-mon', (createLan) => {
  test('shows Python programs and is shown by them, as the original, and so do two of ours', async () => {
    const lan = await createLan(3);
    const [here, beside, there] = lan.hosts as [LanHost, LanHost, LanHost];
    const ports = ['--udp-port', '8226', '--tcp-port', '8227'];
    const python = startPython(there, ['broadcast', ...ports, '--stats', '--every', '0.5']);
    const ours = [here, beside].map((host) => host.spawn('examples/cpu-mon.ts'));
    // One line of its own, then one for each message of the others; each of them sends one at once.
    for (const program of ours) {
      await expect
        .poll(() => program.complaints.split('\n').length, { timeout: 15_000 })
        .toBeGreaterThan(4);
      for (const line of program.complaints.trimEnd().split('\n')) {
        expect(line).toMatch(
          new RegExp(
            `^${hostname()}: processor \\d+ %, load ([\\d.]+ ?){3}, memory \\d+ % of [\\d.]+ GiB$`,
          ),
        );
      }
    }
    for (const host of [here, beside]) {
      const { local } = await python.waitFor(
        'connected',
        ({ address }) => address === host.address(),
      );
      const { attributes } = await python.waitFor('message', (one) => one['local'] === local);
      expect(attributes).toMatchObject({
        host: hostname(),
        load_avg: [expect.any(Number), expect.any(Number), expect.any(Number)],
        memory_total: expect.any(Number) as number,
        swap_percent: 0,
      });
    }
    const names = python.events.flatMap(({ event, name }) => (event === 'message' ? [name] : []));
    expect(new Set(names)).toEqual(new Set(['MsgStats']));
  });
});
