import { World } from '@cablecar/simulator';
import { join, type Mesh } from 'cablecar';
import { runInNewContext } from 'node:vm';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { bridge, Chat } from '../../examples/electron/bridge.ts';
import { makePageApi, type PageApi } from '../../examples/electron/page-api.ts';
import { closeBeforeQuit } from '../../examples/electron/quit.ts';
import { FakeApp, FakeElectron } from './fake-electron.ts';

/** Ada's application, with one page, and Bob's mesh on another host. */
async function start() {
  const world = new World({ seed: 3 });
  const [ada, bob] = await Promise.all(
    ['ada', 'bob'].map((name) => {
      const { transport } = world.host(name);
      return join({ service: 'electron-chat', name, messages: [Chat], transport });
    }),
  );
  const electron = new FakeElectron();
  const page = electron.openPage();
  bridge(ada!, page.webContents, electron.ipcMain);
  /** Resolves when each has met the other, with Ada as Bob has her. */
  const meet = async () => {
    const [, peer] = await world.runUntil(Promise.all([ada!.firstPeer(), bob!.firstPeer()]));
    return peer;
  };
  return {
    world,
    meet,
    ada: ada!,
    bob: bob!,
    electron,
    page,
    chat: makePageApi(page.ipcRenderer),
  };
}

function heardBy(mesh: Mesh<Chat>): string[] {
  const heard: string[] = [];
  mesh.on('peer', (peer) => peer.on('message', ({ text }) => heard.push(text)));
  return heard;
}

test('the page sees who is there, hears them, and is heard', async () => {
  const { world, meet, bob, chat } = await start();
  const atBob = heardBy(bob);
  const shown: unknown[] = [];
  chat.on('chat:peers', (peers) => shown.push(['peers', peers]));
  chat.on('chat:heard', (heard) => shown.push(['heard', heard]));
  expect(await chat.call('chat:peers')).toEqual([]);

  const peer = await meet();
  peer.send(new Chat({ text: 'hello <b>Ada</b>' }));
  await chat.call('chat:say', 'hello Bob');
  await world.run({ forMs: 1_000 });
  expect(atBob).toEqual(['hello Bob']);
  const view = { id: bob.id, name: 'bob' };
  expect(await chat.call('chat:peers')).toEqual([view]);

  await world.runUntil(bob.close());
  await world.run({ forMs: 1_000 });
  expect(shown).toEqual([
    ['peers', [view]],
    ['heard', { from: view, text: 'hello <b>Ada</b>' }],
    ['peers', []],
  ]);
});

test('what is not of the page, or no text, or no call, does not reach the network', async () => {
  const { world, meet, ada, bob, electron, chat } = await start();
  const atBob = heardBy(bob);
  await meet();
  const other = makePageApi(electron.openPage().ipcRenderer);
  await expect(other.call('chat:say', 'I am another page')).rejects.toThrow('not from our page');
  for (const text of [{ text: 'an object' }, 'long '.repeat(1_000)]) {
    await expect(chat.call('chat:say', text as string)).rejects.toThrow('no text');
  }
  expect(() => chat.call('chat:quit' as 'chat:peers')).toThrow('no call chat:quit');
  expect(() => chat.on('toString' as 'chat:peers', () => {})).toThrow('no event toString');
  await world.run({ forMs: 1_000 });
  expect(atBob).toEqual([]);
  await world.runUntil(ada.close());
  await expect(chat.call('chat:say', 'too late')).rejects.toThrow('ERR_CLOSED');
});

test('a page that is gone is told nothing more', async () => {
  const { world, meet, ada, page } = await start();
  page.destroy();
  const peer = await meet();
  peer.send(new Chat({ text: 'is anybody there?' }));
  await world.run({ forMs: 1_000 });
  expect(ada.peers.size).toBe(1); // and nothing has thrown
});

test('the application quits once the mesh has said goodbye', async () => {
  const { world, meet, ada, bob } = await start();
  const atBob = heardBy(bob);
  const peer = await meet();
  const closed = new Promise((resolve) => peer.on('close', resolve));
  const app = new FakeApp();
  closeBeforeQuit(app, ada);
  ada.broadcast(new Chat({ text: 'one last word' }));
  app.quit();
  app.quit(); // as somebody who is impatient
  expect(app.hasQuit).toBe(false);
  expect(await world.runUntil(closed)).toMatchObject({ code: 'goodbye' });
  await world.runUntil(ada.close());
  expect(app.hasQuit).toBe(true);
  expect(atBob).toEqual(['one last word']);
});

test('the preload, built as docs/electron.md says, gives the page its API and nothing else', async () => {
  const built = (await build({
    logLevel: 'silent',
    build: {
      write: false,
      ssr: 'examples/electron/preload.ts',
      rollupOptions: { external: ['electron'], output: { format: 'cjs' } },
    },
  })) as Rolldown.RolldownOutput;
  const { ipcRenderer } = new FakeElectron().openPage();
  const exposed = new Map<string, PageApi>();
  const contextBridge = {
    exposeInMainWorld: (name: string, api: PageApi) => void exposed.set(name, api),
  };
  const required: string[] = [];
  const require = (name: string): unknown => {
    required.push(name);
    return { contextBridge, ipcRenderer };
  };
  runInNewContext(built.output[0].code, { require, module: {}, exports: {} });
  expect(required).toEqual(['electron']); // all that there is in a sandbox
  expect([...exposed.keys()]).toEqual(['chat']);
  expect(Object.keys(exposed.get('chat') ?? {})).toEqual(['call', 'on']);
});
