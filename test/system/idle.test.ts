/** What two programs cost that have met and have nothing to say; see docs/reliability.md. */
import { expect, test } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { idleCost, sayIdleCost } from '../support/idle-cost.ts';

const WARM_UP_MS = 10_000;
const FOR_MS = 20_000;
/** Of one processor; time of a processor, which others that want it do not add to. A fast one takes a third of it. */
const MOST_CPU = 0.01;

test('two programs that have met and are silent use less than one per cent of a processor each', async () => {
  const options = { udpPort: await freeUdpPort(), interfaces: 'loopback' };
  const programs = [options, options];
  const costs = await idleCost({ programs, meet: true, warmUpMs: WARM_UP_MS, forMs: FOR_MS });
  console.log(costs.map(sayIdleCost).join('\n'));
  for (const { seconds, cpuSeconds, peers } of costs) {
    expect(peers).toBe(1);
    expect(cpuSeconds / seconds).toBeLessThan(MOST_CPU);
  }
}, 90_000);
