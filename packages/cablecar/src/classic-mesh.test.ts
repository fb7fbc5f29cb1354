import { byteMessage, jsonMessage, MsgIdentify } from '@cablecar/core-protocol';
import { World, type SimHost } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { join } from './join.ts';
import type { Mesh } from './mesh.ts';

class Chat extends jsonMessage('Chat')<{ text: string; numbers?: unknown[] }> {}
class Spot extends byteMessage(0x10, { x: 'i16' }) {}

function enter(host: SimHost): Promise<Mesh<Chat>> {
  return join({ wire: 'classic-json', messages: [Chat], transport: host.transport });
}

async function pair(world: World): Promise<[Mesh<Chat>, Mesh<Chat>]> {
  const ada = await world.runUntil(enter(world.host('ada')));
  const bob = await world.runUntil(enter(world.host('bob')));
  await world.runUntil(() => ada.peers.size === 1 && bob.peers.size === 1);
  return [ada, bob];
}

describe('Mesh on a classic wire', () => {
  it('knows peers by address, and by user and host once they identify themselves', async () => {
    const world = new World({ seed: 1 });
    const [ada, bob] = await pair(world);
    const [peer] = [...ada.peers.values()];
    const [address] = world.hosts[1]!.addresses;
    expect([...ada.peers.keys()]).toEqual([address]);
    expect(bob.id).toBe(address);
    expect(peer?.info).toMatchObject({ id: address, name: address });
    const told: string[] = [];
    ada.on('peer:update', ({ info: { id, name } }) => told.push(`${id} is ${name}`));
    peer?.on('message', (message: unknown) => {
      if (message instanceof MsgIdentify) told.push(`says so: ${peer.info.name}`);
    });
    const identify = new MsgIdentify({ username: 'bob', hostname: 'lab' });
    for (let times = 0; times < 2; times++) bob.broadcast(identify as never);
    await world.run({ forMs: 100 });
    expect(told).toEqual([`${address} is bob@lab`, 'says so: bob@lab', 'says so: bob@lab']);
  });

  it('carries numbers of every kind that Python has', async () => {
    const world = new World({ seed: 2 });
    const [ada, bob] = await pair(world);
    const heard: Chat[] = [];
    for (const peer of ada.peers.values()) peer.on('message', (chat) => heard.push(chat));
    const chat = new Chat({ text: '\ud800', numbers: [NaN, Infinity, -0, 2n ** 64n, 2 ** 53] });
    bob.broadcast(chat);
    await world.run({ forMs: 100 });
    expect(heard).toStrictEqual([chat]);
  });

  it('closes within half a second, and leaves nothing open', async () => {
    const world = new World({ seed: 3 });
    const [ada, bob] = await pair(world);
    for (let n = 0; n < 1_000; n++) ada.broadcast(new Chat({ text: `${n}` }));
    const heard: string[] = [];
    for (const peer of bob.peers.values()) peer.on('message', ({ text }) => heard.push(text));
    const began = world.now;
    await world.runUntil(ada.close());
    expect(world.now - began).toBeLessThan(600);
    await world.runUntil(() => bob.peers.size === 0);
    expect(heard).toHaveLength(1_000);
    await world.runUntil(bob.close());
    await world.run({ forMs: 100 });
    expect(world.openHandles()).toEqual([]);
  });

  it('refuses at once what cannot travel there', async () => {
    const { transport } = new World().host('ada');
    const joining = join({ wire: 'classic-json', messages: [Spot], transport });
    await expect(joining).rejects.toMatchObject({ code: 'ERR_MESSAGE_DEFINITION' });
    const bytes = join({ wire: 'classic-byte', messages: [Chat], transport });
    await expect(bytes).rejects.toMatchObject({ code: 'ERR_MESSAGE_DEFINITION' });
    const shown = join({ wire: 'classic-json', metadata: { level: 3 }, transport });
    await expect(shown).rejects.toMatchObject({ code: 'ERR_OPTION' });
  });
});
