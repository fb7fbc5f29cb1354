// Runs in the page's process before the page's own scripts, and gives them `window.chat`.
import { contextBridge, ipcRenderer } from 'electron';
import { makePageApi } from './page-api.ts';

contextBridge.exposeInMainWorld('chat', makePageApi(ipcRenderer));
