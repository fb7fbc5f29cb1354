import type { App, IpcMain, IpcMainInvokeEvent, IpcRenderer, WebContents } from 'electron';

type Handler = Parameters<IpcMain['handle']>[1];
type Listener = Parameters<IpcRenderer['on']>[1];

/** Electron's two processes as far as messages between them go: whatever passes is cloned, as there. */
export class FakeElectron {
  readonly #handlers = new Map<string, Handler>();

  readonly ipcMain: IpcMain = {
    handle: (channel, handler) => {
      if (this.#handlers.has(channel)) throw new Error(`a second handler for '${channel}'`);
      this.#handlers.set(channel, handler);
    },
  };

  /** Opens a page; what the main process has of it, and what its preload has. */
  openPage(): { webContents: WebContents; ipcRenderer: IpcRenderer; destroy(): void } {
    const listeners = new Map<string, Listener[]>();
    let destroyed = false;
    const webContents: WebContents = {
      isDestroyed: () => destroyed,
      send: (channel, ...args) => {
        if (destroyed) throw new TypeError('Object has been destroyed');
        const passed = structuredClone(args);
        for (const listener of listeners.get(channel) ?? []) listener({}, ...passed);
      },
    };
    const ipcRenderer: IpcRenderer = {
      invoke: async (channel, ...args) => this.#invoke({ sender: webContents }, channel, args),
      on(channel, listener) {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
        return ipcRenderer;
      },
    };
    return { webContents, ipcRenderer, destroy: () => (destroyed = true) };
  }

  // oxlint-disable-next-line require-await -- what a handler throws rejects
  async #invoke(
    event: IpcMainInvokeEvent,
    channel: string,
    args: readonly unknown[],
  ): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return structuredClone(await handler(event, ...structuredClone(args)));
  }
}

/** Electron's application as far as its end goes: it quits unless somebody holds it up. */
export class FakeApp implements App {
  hasQuit = false;
  readonly #quitting: ((event: { preventDefault(): void }) => void)[] = [];
  readonly #closed: (() => void)[] = [];

  on(
    event: 'before-quit' | 'window-all-closed',
    listener: (event: { preventDefault(): void }) => void,
  ): this {
    if (event === 'before-quit') this.#quitting.push(listener);
    else this.#closed.push(() => listener({ preventDefault() {} }));
    return this;
  }

  whenReady(): Promise<void> {
    return Promise.resolve();
  }

  quit(): void {
    let isHeldUp = false;
    for (const listener of this.#quitting) listener({ preventDefault: () => (isHeldUp = true) });
    this.hasQuit = !isHeldUp;
  }

  /** As its user, who closes the last window. */
  closeWindows(): void {
    for (const listener of this.#closed) listener();
  }
}
