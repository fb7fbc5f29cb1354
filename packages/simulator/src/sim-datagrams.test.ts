import type { DatagramOptions, DatagramPort } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { DatagramRecorder } from '../../../test/compliance/recorders.ts';
import type { SimHost } from './sim-host.ts';
import type { SimProgram } from './sim-program.ts';
import { World } from './world.ts';

const PORT = 18_222;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function open(
  { transport }: SimHost | SimProgram,
  options: Partial<DatagramOptions> = {},
): Promise<{ port: DatagramPort; heard: DatagramRecorder }> {
  const heard = new DatagramRecorder();
  const port = await transport.openDatagrams({
    port: PORT,
    interfaces: 'all',
    handlers: heard,
    ...options,
  });
  return { port, heard };
}

const texts = ({ datagrams }: DatagramRecorder): string[] => datagrams.map(({ text }) => text);

describe('broadcasts', () => {
  test('reach every host of a LAN, the sender’s own included, and no other LAN', async () => {
    const world = new World();
    const ada = await open(world.host('ada', { lans: ['home'] }));
    const both = await open(world.host('both', { lans: ['home', 'office'] }));
    const bob = await open(world.host('bob', { lans: ['office'] }));
    ada.port.broadcast(bytes('from home'), 'subnet');
    bob.port.broadcast(bytes('from the office'), 'subnet');
    await world.settle();
    expect(new Set(texts(ada.heard))).toEqual(new Set(['from home']));
    expect(texts(both.heard).toSorted()).toEqual(['from home', 'from the office']);
    expect(new Set(texts(bob.heard))).toEqual(new Set(['from the office']));
  });

  test('leave by every interface in use, each from an address and port of its own', async () => {
    const world = new World();
    const sender = await open(world.host('ada', { lans: ['home', 'office'] }));
    const hearers = [
      await open(world.host('bob', { lans: ['home'] })),
      await open(world.host('eve', { lans: ['office'] })),
    ];
    expect(sender.port.interfaces.map(({ name }) => name)).toEqual(['lo', 'eth0', 'eth1']);
    sender.port.broadcast(bytes('x'), 'subnet');
    await world.settle();
    const sources = hearers.map(({ heard }) => heard.heard('x')!);
    expect(sources.map(({ host }) => host)).toEqual(['10.1.0.1', '10.2.0.1']);
    expect(sources.every(({ port }) => port !== PORT)).toBe(true);
  });

  test('everywhere means twice: to the subnet and to everybody', async () => {
    const world = new World();
    const sender = await open(world.host('ada'));
    const { heard } = await open(world.host('bob'));
    sender.port.broadcast(bytes('x'), 'everywhere');
    await world.settle();
    expect(texts(heard)).toEqual(['x', 'x']);
  });

  test('of a group are heard by its members alone, wherever they are on the LAN', async () => {
    const world = new World();
    const groups = { ipv4: '239.255.67.67', ipv6: 'ff02::4343:4152' };
    const sender = await open(world.host('ada'), { groups });
    const member = await open(world.host('bob'), { groups });
    const other = await open(world.host('eve'));
    sender.port.broadcast(bytes('x'), 'group');
    await world.settle();
    expect(texts(member.heard)).toEqual(['x']);
    expect(texts(other.heard)).toEqual([]);
  });

  test('and groups can be filtered, each by itself', async () => {
    for (const [loss, expected] of [
      ['broadcastLoss', 'to the group'],
      ['multicastLoss', 'to all'],
    ] as const) {
      const world = new World({ network: { [loss]: 1 } });
      const groups = { ipv4: '239.255.67.67', ipv6: 'ff02::4343:4152' };
      const sender = await open(world.host('ada'), { groups });
      const { heard } = await open(world.host('bob'), { groups });
      sender.port.broadcast(bytes('to all'), 'subnet');
      sender.port.broadcast(bytes('to the group'), 'group');
      await world.settle();
      expect(texts(heard)).toEqual([expected]);
    }
  });

  test('on the loopback stay on their host', async () => {
    const world = new World();
    const ada = world.host('ada');
    const one = await open(ada.program('one'), { interfaces: 'loopback' });
    const two = await open(ada.program('two'), { interfaces: 'loopback' });
    const other = await open(world.host('bob'));
    one.port.broadcast(bytes('at home'), 'everywhere');
    other.port.broadcast(bytes('from outside'), 'everywhere');
    await world.settle();
    expect(texts(two.heard)).toEqual(['at home']);
    expect(two.heard.heard('at home')?.host).toBe('127.0.0.1');
    expect(texts(other.heard)).not.toContain('at home');
  });

  test('of a sender that closes or crashes in the same turn still leave', async () => {
    const world = new World();
    const ada = world.host('ada');
    const { port } = await open(ada);
    const { heard } = await open(world.host('bob'));
    port.broadcast(bytes('goodbye'), 'subnet');
    await port.close();
    ada.crash();
    await world.settle();
    expect(texts(heard)).toEqual(['goodbye']);
  });
});

describe('a shared port', () => {
  test('hands a broadcast to every program, and what is sent to the host to the last alone', async () => {
    const world = new World();
    const ada = world.host('ada');
    const first = await open(ada.program('first'));
    const last = await open(ada.program('last'));
    const sender = await open(world.host('bob'));
    sender.port.broadcast(bytes('to all'), 'subnet');
    sender.port.send(bytes('to one'), { host: ada.addresses[0]!, port: PORT });
    await world.settle();
    expect(texts(first.heard)).toEqual(['to all']);
    expect(texts(last.heard).toSorted()).toEqual(['to all', 'to one']);
  });

  test('lets an answer to a program’s own sender reach that program alone', async () => {
    const world = new World();
    const ada = world.host('ada');
    const first = await open(ada.program('first'));
    const last = await open(ada.program('last'));
    const other = await open(world.host('bob'));
    first.port.broadcast(bytes('question'), 'subnet');
    await world.settle();
    other.port.send(bytes('answer'), other.heard.heard('question')!);
    await world.settle();
    expect(texts(first.heard)).toContain('answer');
    expect(texts(last.heard)).not.toContain('answer');
  });

  test('is refused to one that wants it alone, and the reverse', async () => {
    const world = new World();
    const ada = world.host('ada');
    const { port } = await open(ada.program('one'));
    await expect(open(ada.program('two'), { shared: false })).rejects.toThrow('ERR_PORT_IN_USE');
    await port.close();
    await open(ada.program('two'), { shared: false });
    await expect(open(ada.program('one'))).rejects.toThrow('ERR_PORT_IN_USE');
  });
});

describe('faults of datagrams', () => {
  test('loss and duplication are as likely as asked for', async () => {
    const world = new World({ network: { datagramLoss: 0.3, datagramDuplication: 0.2 } });
    const sender = await open(world.host('ada'));
    const { heard } = await open(world.host('bob'));
    const sent = 2000;
    for (let i = 0; i < sent; i++) sender.port.broadcast(bytes(String(i)), 'subnet');
    await world.settle();
    const received = texts(heard);
    expect(new Set(received).size / sent).toBeCloseTo(0.7, 1);
    expect(received.length / new Set(received).size).toBeCloseTo(1.2, 1);
  });

  test('never happen within one host', async () => {
    const world = new World({ network: { datagramLoss: 1, datagramDuplication: 1 } });
    const ada = world.host('ada');
    const { port } = await open(ada, { interfaces: 'loopback' });
    const { heard } = await open(ada.program('other'), { interfaces: 'loopback' });
    port.broadcast(bytes('x'), 'subnet');
    await world.settle();
    expect(texts(heard)).toEqual(['x']);
  });

  test('varying delays change the order', async () => {
    const world = new World({ network: { delayMs: [1, 40] } });
    const sender = await open(world.host('ada'));
    const { heard } = await open(world.host('bob'));
    const sent = Array.from({ length: 20 }, (_, i) => String(i));
    for (const text of sent) sender.port.broadcast(bytes(text), 'subnet');
    await world.settle();
    expect(texts(heard)).not.toEqual(sent);
    expect(texts(heard).toSorted()).toEqual(sent.toSorted());
  });

  test('can be switched while the world runs', async () => {
    const world = new World();
    const sender = await open(world.host('ada'));
    const { heard } = await open(world.host('bob'));
    const send = async (text: string): Promise<void> => {
      sender.port.broadcast(bytes(text), 'subnet');
      await world.settle();
    };
    await send('good');
    world.setNetwork({ datagramLoss: 1 });
    await send('bad');
    world.setNetwork({ datagramLoss: 0 });
    await send('good again');
    expect(texts(heard)).toEqual(['good', 'good again']);
  });

  test('a partition loses them one way or both, also those under way', async () => {
    const world = new World({ network: { delayMs: 10 } });
    const [ada, bob] = [world.host('ada'), world.host('bob')];
    const [near, far] = [await open(ada), await open(bob)];
    near.port.broadcast(bytes('under way'), 'subnet');
    await world.run({ forMs: 5 });
    world.partition([ada], [bob], { direction: 'forth' });
    near.port.broadcast(bytes('lost'), 'subnet');
    far.port.broadcast(bytes('back'), 'subnet');
    await world.settle();
    expect(texts(far.heard)).not.toContain('under way');
    expect(texts(far.heard)).not.toContain('lost');
    expect(texts(near.heard)).toContain('back');
    world.heal();
    near.port.broadcast(bytes('healed'), 'subnet');
    await world.settle();
    expect(texts(far.heard)).toContain('healed');
  });

  test('a stalled program loses what its buffer does not hold, and hears the rest in order', async () => {
    const world = new World({ network: { delayMs: 1 } });
    const sender = await open(world.host('ada'));
    const bob = world.host('bob');
    const { heard } = await open(bob);
    bob.stall(1000);
    for (let i = 0; i < 300; i++) {
      sender.port.broadcast(new Uint8Array(1000).fill(65 + (i % 26)), 'subnet');
      await world.run({ forMs: 1 });
    }
    expect(heard.datagrams).toEqual([]);
    await world.run({ forMs: 1000 });
    expect(heard.datagrams).toHaveLength(212);
    expect(texts(heard).map((text) => text.charCodeAt(0) - 65)).toEqual(
      Array.from({ length: 212 }, (_, i) => i % 26),
    );
  });
});

describe('trouble with interfaces', () => {
  test('a selection that means none is warned of, and mended when one appears', async () => {
    const world = new World();
    const ada = world.host('ada');
    ada.unplug();
    const { port, heard } = await open(ada, { interfaces: ['eth0'] });
    await world.settle();
    expect(heard.warnings.map(({ code }) => code)).toEqual(['ERR_NO_INTERFACE']);
    ada.plug();
    await world.run({ forMs: 2000 });
    expect(heard.changes).toBe(1);
    expect(port.interfaces.map(({ address }) => address)).toEqual(ada.addresses);
  });

  test('another address is noticed after a while, and warned of once a minute until then', async () => {
    const world = new World({ network: { interfaceNoticeMs: 90_000 } });
    const ada = world.host('ada');
    const { port, heard } = await open(ada);
    const other = await open(world.host('bob'));
    ada.readdress();
    for (let second = 0; second < 80; second++) {
      port.broadcast(bytes('from the old address'), 'subnet');
      await world.run({ forMs: 1000 });
    }
    expect(heard.warnings.map(({ code }) => code)).toEqual(['ERR_UNREACHABLE', 'ERR_UNREACHABLE']);
    expect(heard.changes).toBe(0);
    await world.run({ forMs: 20_000 });
    expect(heard.changes).toBe(1);
    port.broadcast(bytes('from the new one'), 'subnet');
    await world.settle();
    expect(texts(other.heard)).toEqual(['from the new one']);
    expect(other.heard.heard('from the new one')?.host).toBe(ada.addresses[0]);
  });

  test('a change that nobody waits for any more leaves nothing open', async () => {
    const world = new World({ network: { interfaceNoticeMs: 1_000 } });
    const ada = world.host('ada');
    const { port, heard } = await open(ada);
    ada.unplug({ forMs: 10 });
    await world.run({ forMs: 100 });
    await port.close();
    expect(ada.openHandles()).toEqual([]);
    await world.run({ forMs: 2_000 });
    expect(heard.changes).toBe(0);
  });

  test('what nothing reaches, and what is too large, is a warning and no more', async () => {
    const world = new World();
    const { port, heard } = await open(world.host('ada'), { interfaces: ['eth0'] });
    port.send(bytes('x'), { host: '192.168.1.1', port: 1 });
    port.send(bytes('x'), { host: '127.0.0.1', port: 1 });
    port.broadcast(new Uint8Array(65_508), 'subnet');
    expect(heard.warnings).toEqual([]);
    await world.settle();
    expect(heard.warnings.map(({ code }) => code).toSorted()).toEqual([
      'ERR_SYSTEM',
      'ERR_UNREACHABLE',
      'ERR_UNREACHABLE',
    ]);
  });
});
