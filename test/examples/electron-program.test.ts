import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { expect, test } from 'vitest';
import { ROOT } from '../../tools/sources.ts';
import { describeLan } from '../network/lan.ts';
import { BrowserPage } from '../support/browser.ts';
import { bundleWith } from '../support/bundle.ts';
import { isolated } from '../support/isolated.ts';
import { skipWithout } from '../support/skip-without.ts';

const STAND_IN: Plugin = {
  name: 'a stand-in for electron',
  enforce: 'pre',
  resolveId: (id) =>
    id === 'electron' ? join(ROOT, 'test/examples/programs/stand-in-electron.ts') : undefined,
};

describeLan('the main process of the Electron recipe, without Electron', (createLan) => {
  test('talks with another, and ends in order when its window is closed', async () => {
    const lan = await createLan(2);
    const program = await bundleWith('examples/electron/main.ts', 'electron-main', [STAND_IN]);
    const [ada, bob] = [lan.host(0).spawn(program), lan.host(1).spawn(program)];
    expect(await ada.next()).toEqual({
      kind: 'window',
      preload: expect.stringMatching(/preload\.cjs$/) as string,
      ...{ contextIsolation: true, sandbox: true, nodeIntegration: false },
    });
    expect(await ada.next()).toMatchObject({
      kind: 'loaded',
      path: expect.stringMatching(/page\.html$/) as string,
    });
    for (const one of [ada, bob])
      await one.next(({ kind, count }) => kind === 'peers' && count === 1);
    ada.tell({ do: 'say', text: 'hello' });
    expect(await bob.next(({ kind }) => kind === 'heard')).toMatchObject({ text: 'hello' });

    bob.tell({ do: 'close' });
    expect(await bob.exited, bob.complaints).toBe(0);
    await ada.next(({ kind, count }) => kind === 'peers' && count === 0, { timeoutMs: 5_000 });
  });
});

test('the page of the Electron recipe shows what it is told, as text, and says what is typed', async ({
  skip,
}) => {
  skipWithout('chromium', skip);
  const url = pathToFileURL(join(ROOT, 'examples/electron/page.html')).href;
  const page = await BrowserPage.open(url, {
    inside: isolated([]),
    ...{ width: 640, height: 480 },
    preload: `globalThis.tell = {}; globalThis.said = [];
      globalThis.chat = {
        call: async (name, text) => (name === 'chat:say' ? void said.push(text) : [{ name: 'Bob' }]),
        on: (name, listener) => (tell[name] = listener),
      };`,
  });
  await page.until(`document.querySelector('#peers').textContent === 'Bob'`);
  await page.evaluate(`tell['chat:peers']([])`);
  await page.until(`document.querySelector('#peers').textContent.startsWith('Nobody')`);
  const text = '<img src="x" onerror="globalThis.broken = true">';
  await page.evaluate(`tell['chat:heard'](${JSON.stringify({ from: { name: 'Bob' }, text })})`);
  await page.until(
    `document.querySelector('li').textContent === ${JSON.stringify(`Bob: ${text}`)}`,
  );
  await page.type('hello');
  await page.evaluate(`document.querySelector('form').requestSubmit()`);
  await page.until(`document.querySelector('li').textContent === 'you: hello'`);
  expect(await page.evaluate('said')).toEqual(['hello']);
  expect(await page.evaluate(`document.images.length`)).toBe(0);
}, 60_000);
