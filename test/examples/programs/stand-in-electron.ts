/**
 * What the recipe's `main.ts` has in place of Electron in a test: prints what it is asked for and what the page is told, and
 * does what a user would: `{ do: 'say', text }` by the page, and `{ do: 'close' }` by closing the window.
 */
import { createInterface } from 'node:readline';
import { makePageApi } from '../../../examples/electron/page-api.ts';
import { FakeApp, FakeElectron } from '../fake-electron.ts';

const electron = new FakeElectron();
const { webContents, ipcRenderer } = electron.openPage();
const page = makePageApi(ipcRenderer);
const input = createInterface(process.stdin);

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

page.on('chat:heard', ({ from, text }) => print({ kind: 'heard', from: from.name, text }));
page.on('chat:peers', (peers) => print({ kind: 'peers', count: peers.length }));

/** The application. When it quits, nothing of the test's keeps the process. */
export const app: FakeApp = new (class extends FakeApp {
  override quit(): void {
    super.quit();
    if (this.hasQuit) input.close();
  }
})();

input.on('line', (line) => {
  const order = JSON.parse(line) as { readonly do: 'say' | 'close'; readonly text: string };
  if (order.do === 'say') void page.call('chat:say', order.text);
  else app.closeWindows();
});

/** The main process's end of the calls. */
export const ipcMain: FakeElectron['ipcMain'] = electron.ipcMain;

/** A window that shows nothing. */
export class BrowserWindow {
  readonly webContents: typeof webContents = webContents;

  constructor({ webPreferences }: { readonly webPreferences: object }) {
    print({ kind: 'window', ...webPreferences });
  }

  loadFile(path: string): Promise<void> {
    print({ kind: 'loaded', path });
    return Promise.resolve();
  }
}
