// The main process of an Electron application: the mesh lives here, since a page has no UDP and no TCP. The page gets a few
// calls and events, no more. See docs/electron.md.
import { join as joinPath } from 'node:path';
import { join } from 'cablecar';
import { app, BrowserWindow, ipcMain } from 'electron';
import { bridge, Chat } from './bridge.ts';
import { closeBeforeQuit } from './quit.ts';

await app.whenReady();
const mesh = await join({ service: 'electron-chat', messages: [Chat] });
mesh.on('warning', ({ message }) => console.warn(message));

const window = new BrowserWindow({
  ...{ width: 640, height: 480 },
  webPreferences: {
    preload: joinPath(import.meta.dirname, 'preload.cjs'),
    contextIsolation: true, // the page's scripts and the preload's share no objects
    sandbox: true, // the preload has no Node either
    nodeIntegration: false,
  },
});
bridge(mesh, window.webContents, ipcMain);
closeBeforeQuit(app, mesh);
app.on('window-all-closed', () => app.quit());
await window.loadFile(joinPath(import.meta.dirname, 'page.html'));
