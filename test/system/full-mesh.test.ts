import { expect, test } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { ahead } from '../support/ahead.ts';
import { bundle } from '../support/bundle.ts';
import { expectConnections, joinAtOnce } from '../support/full-mesh.ts';
import { Program } from '../support/program.ts';

const PROGRAMS = 10;

test('ten programs of one host that join at once are a full mesh within 3 s, each pair linked once', async () => {
  const peer = await bundle('test/system/programs/peer.ts');
  const udpPort = await freeUdpPort();
  const programs = Array.from({ length: PROGRAMS }, (_, index) => {
    const options = JSON.stringify({ name: `p${index}`, udpPort, interfaces: 'loopback' });
    return new Program(`peer p${index}`, ahead([process.execPath, peer, options]));
  });
  try {
    const isLoaded = ({ kind }: { kind?: unknown }): boolean => kind === 'loaded';
    await Promise.all(programs.map((program) => program.next(isLoaded, { timeoutMs: 60_000 })));
    const ms = await joinAtOnce(programs);
    console.log(`10 programs of one host: a full mesh ${ms.toFixed(0)} ms after the last join()`);
    expect(ms).toBeLessThanOrEqual(3_000);
    for (const program of programs) await expectConnections(program, PROGRAMS - 1);
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
  }
}, 90_000);
