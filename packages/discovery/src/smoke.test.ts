import { World } from '@cablecar/simulator';
import { expect, test } from 'vitest';
import { BroadcastConnector } from './broadcast-connector.ts';

test('two meet', async () => {
  const world = new World({ seed: 5 });
  const a = new BroadcastConnector({ transport: world.host('a').transport, name: 'a' });
  const b = new BroadcastConnector({ transport: world.host('b').transport, name: 'b' });
  const log: string[] = [];
  for (const [n, c] of [['a', a], ['b', b]] as const) {
    c.on('peer', (l) => log.push(`${n} peer ${l.peer.name} ${world.now}`));
    c.on('peer:lost', (l) => log.push(`${n} lost ${l.link.peer.name}`));
    c.on('warning', (e) => log.push(`${n} warning ${e.message}`));
  }
  await world.runUntil(Promise.all([a.start(), b.start()]));
  await world.run({ forMs: 3000 });
  console.log(log, world.transcript.join('\n'));
  await world.runUntil(Promise.all([a.stop(), b.stop()]));
  expect(a.links.size).toBe(1);
  for (const l of a.links.values()) l.destroy();
  await world.run({ forMs: 1000 });
  console.log(log, world.openHandles());
});
