import { expect, test } from 'vitest';
import type { PythonPeer } from '../python/python-peer.ts';
import { startPython } from '../python/start-python.ts';
import { ClassicProgram } from './classic-program.ts';
import type { LanHost } from './lan-host.ts';
import type { LanProcess } from './lan-process.ts';
import { describeLan, type Lan } from './lan.ts';

interface Scene {
  readonly ours: ClassicProgram;
  readonly python: PythonPeer;
  readonly hostile: LanProcess;
  /** The address of the host that does what it should not. */
  readonly id: string;
}

/** Our program with an honest Python peer, and somebody else on the LAN. */
async function sceneOn(lan: Lan, wire: 'json' | 'byte'): Promise<Scene> {
  const [here, there, elsewhere] = lan.hosts as [LanHost, LanHost, LanHost];
  const hostile = elsewhere.spawn('test/network/programs/hostile.ts', [here.address()]);
  const ours = await ClassicProgram.joined(here, wire, { maxMessageBytes: 65_536 });
  const python = startPython(there, ['broadcast', '--wire', wire, '--echo']);
  await ours.next('peer', { id: there.address() });
  return { ours, python, hostile, id: elsewhere.address() };
}

/** Shows that the honest peer is still there and hears and is heard. */
async function expectPeace({ ours, id }: Scene, text: string): Promise<void> {
  ours.tell('say', { text });
  await ours.next('message', text.length === 4 ? { data: text } : { text });
  const lost = ours.all('lost').filter((line) => line['id'] !== id);
  expect(lost).toEqual([]);
}

describeLan('somebody who does what he should not', (createLan) => {
  test('on the JSON wire costs nobody but himself', async () => {
    const scene = await sceneOn(await createLan(3), 'json');
    const { ours, hostile, id } = scene;
    const good = '["Chat",{"text":"good"}]\n';
    const warned = async (text: string, code: string): Promise<void> => {
      hostile.tell({ do: 'write', text: text + good });
      await ours.next('warning', { code });
      await ours.next('message', { id, text: 'good' }); // the stream goes on behind it
    };
    await warned('not json\n', 'ERR_MESSAGE_DECODE');
    await warned('["Chat",[1]]\n', 'ERR_MESSAGE_DECODE');
    await warned('["Chat",{"__proto__":{"a":1}}]\n', 'ERR_MESSAGE_DECODE');
    await warned('["Nobody",{}]\n', 'ERR_MESSAGE_UNKNOWN');
    await warned(`["Chat",${'['.repeat(30_000)}${']'.repeat(30_000)}]\n`, 'ERR_MESSAGE_DECODE');
    await warned(`["Chat",{"n":${'9'.repeat(5_000)}}]\n`, 'ERR_MESSAGE_DECODE');
    await warned(`${'x'.repeat(70_000)}\n`, 'ERR_FRAME_TOO_LARGE');
    await expectPeace(scene, 'still');
  });

  test('a line without an end is not kept, and the line behind it is read', async () => {
    const scene = await sceneOn(await createLan(3), 'json');
    const { ours, hostile, id } = scene;
    hostile.tell({ do: 'endless', bytes: 100 * 2 ** 20 });
    await ours.next('warning', { code: 'ERR_FRAME_TOO_LARGE' });
    await expectPeace(scene, 'meanwhile');
    await ours.next('message', { id, text: 'after all' });
    ours.tell('memory');
    expect((await ours.next('memory'))['heapBytes']).toBeLessThan(64 * 2 ** 20);
  });

  test('on the byte wire costs nobody but himself (§9.3(3))', async () => {
    const scene = await sceneOn(await createLan(3), 'byte');
    const { ours, hostile, id } = scene;
    for (const hex of ['0022aa', '0122aa']) {
      hostile.tell({ do: 'write', hex });
      await ours.next('warning', { code: 'ERR_FRAME' });
      await ours.next('lost', { id, code: 'fault', error: 'ERR_FRAME' });
    }
    hostile.tell({ do: 'write', hex: `03fe000421beef` });
    await ours.next('warning', { code: 'ERR_MESSAGE_UNKNOWN' });
    await ours.next('message', { id, data: 'beef' });
    hostile.tell({ do: 'write', hex: `0301610421beef` }); // a MsgIdentify without its @
    await ours.next('warning', { code: 'ERR_MESSAGE_DECODE' });
    await ours.next('message', { id, data: 'beef' });
    await expectPeace(scene, 'feed');
  });

  test('an end, a reset and a flood of datagrams leave the others alone', async () => {
    const scene = await sceneOn(await createLan(3), 'json');
    const { ours, hostile, id } = scene;
    hostile.tell({ do: 'write', text: '["Chat",{"text":"bye"}]\n["Ch', after: 'end' });
    await ours.next('message', { id, text: 'bye' });
    await ours.next('lost', { id, code: 'goodbye' });
    hostile.tell({ do: 'write', text: '["Chat",{"text":"bye"}]\n["Ch', after: 'reset' });
    await ours.next('message', { id, text: 'bye' });
    await ours.next('lost', { id, code: 'lost', error: 'ERR_CONNECTION_LOST' });
    hostile.tell({ do: 'flood', datagrams: 20_000 });
    await expectPeace(scene, 'in the middle of it');
    await hostile.next((line) => line['kind'] === 'done', { timeoutMs: 15_000 });
    await expectPeace(scene, 'after it');
    expect(ours.all('peer', { id })).toHaveLength(2);
  });
});
