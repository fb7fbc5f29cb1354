import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { jsonMessage } from '@cablecar/core-protocol';
import { generateSecret, type IdentityConflict } from '@cablecar/discovery';
import { World } from '@cablecar/simulator';
import { afterEach, describe, expect, it } from 'vitest';
import { freeUdpPort } from '../../../test/compliance/free-udp-port.ts';
import { freeTcpPort } from '../../../test/support/free-tcp-port.ts';
import { join } from './join.ts';
import type { Mesh } from './mesh.ts';
import type { JoinOptions } from './options.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
const messages = [Chat] as const;
type Options = Omit<JoinOptions<typeof messages>, 'messages'>;

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe('on real sockets', () => {
  async function enter(options: Options): Promise<Mesh<Chat>> {
    const mesh = await join({ interfaces: 'loopback', ...options, messages });
    cleanups.push(() => mesh.close());
    return mesh;
  }

  it('join() encrypts without being asked to', async () => {
    const [udpPort, tcpPort] = [await freeUdpPort(), await freeTcpPort()];
    const ada = await enter({ udpPort, tcpPort });
    const plain = connect(tcpPort, '127.0.0.1');
    plain.write('GET / HTTP/1.1\r\n\r\n');
    const [answer] = (await once(plain, 'data')) as [Buffer];
    plain.destroy();
    expect(answer.toString('hex')).toBe('15030300020246');
    const bob = await enter({ udpPort });
    expect((await ada.firstPeer({ timeoutMs: 10_000 })).info.id).toBe(bob.id);
  });

  it('those with a secret meet, keep their ids, and see the same code', async () => {
    const folder = mkdtempSync(joinPath(tmpdir(), 'cablecar-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const [udpPort, secret] = [await freeUdpPort(), generateSecret()];
    const options = (name: string): Options => {
      const identity = joinPath(folder, `${name}.id`);
      return { udpPort, secret, name, identity, trust: 'known' };
    };
    const ids: string[] = [];
    for (let start = 0; start < 2; start++) {
      const [ada, bob] = [await enter(options('ada')), await enter(options('bob'))];
      const peers = await Promise.all(
        [ada, bob].map((mesh) => mesh.firstPeer({ timeoutMs: 10_000 })),
      );
      const codes = await Promise.all(peers.map((peer) => peer.verify({ timeoutMs: 5000 })));
      expect(codes[0]).toMatch(/^\d{6}$/);
      expect(codes[1]).toBe(codes[0]);
      ids.push(ada.id, bob.id);
      await Promise.all([ada.close(), bob.close()]);
    }
    expect(ids.slice(2)).toEqual(ids.slice(0, 2));
    expect(statSync(joinPath(folder, 'ada.id.known')).mode & 0o777).toBe(0o600);
  });
});

describe('in a simulated network', () => {
  it('a mesh tells of who comes with a known name and another key', async () => {
    const world = new World({ seed: 1 });
    const enter = (name: string, options: Options = {}): Promise<Mesh<Chat>> => {
      const { transport } = world.host(name);
      return world.runUntil(join({ name: 'Bob', ...options, messages, transport }));
    };
    const ada = await enter('ada', { name: 'Ada', trust: 'known', knownPeers: 'known' });
    const conflicts: IdentityConflict[] = [];
    ada.on('identity-conflict', (conflict) => conflicts.push(conflict));
    const bob = await enter('bob');
    await world.runUntil(() => ada.peers.size === 1);
    const eve = await enter('eve');
    await world.run({ forMs: 5000 });
    expect([...ada.peers.keys()]).toEqual([bob.id]);
    expect(conflicts).toMatchObject([{ name: 'Bob', known: bob.id, peer: { id: eve.id } }]);
  });

  it('whoever does without encryption is warned, also who listens once join() has resolved', async () => {
    const world = new World({ seed: 1 });
    const { transport } = world.host('ada');
    const ada = await world.runUntil(join({ security: 'none', messages, transport }));
    const warnings: string[] = [];
    ada.on('warning', ({ code }) => warnings.push(code));
    await world.run({ forMs: 10 });
    expect(warnings).toEqual(['ERR_INSECURE']);
  });
});
