// The little of Electron that the recipe uses, so that it is compiled here without Electron's binary. In an application
// of your own this file is not needed: `npm install --save-dev electron` brings all of its types.
declare module 'electron' {
  export interface WebContents {
    send(channel: string, ...args: unknown[]): void;
    isDestroyed(): boolean;
  }

  export interface IpcMainInvokeEvent {
    readonly sender: WebContents;
  }

  export interface IpcMain {
    // oxlint-disable-next-line typescript/no-explicit-any -- as Electron has it
    handle(channel: string, listener: (event: IpcMainInvokeEvent, ...args: any[]) => unknown): void;
  }

  export interface IpcRenderer {
    invoke(channel: string, ...args: unknown[]): Promise<unknown>;
    // oxlint-disable-next-line typescript/no-explicit-any -- as Electron has it
    on(channel: string, listener: (event: object, ...args: any[]) => void): this;
  }

  export interface App {
    whenReady(): Promise<void>;
    quit(): void;
    on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): this;
    on(event: 'window-all-closed', listener: () => void): this;
  }

  export class BrowserWindow {
    constructor(options: {
      readonly width?: number;
      readonly height?: number;
      readonly webPreferences?: {
        readonly preload?: string;
        readonly contextIsolation?: boolean;
        readonly sandbox?: boolean;
        readonly nodeIntegration?: boolean;
      };
    });
    readonly webContents: WebContents;
    loadFile(path: string): Promise<void>;
  }

  export const app: App;
  export const ipcMain: IpcMain;
  export const ipcRenderer: IpcRenderer;
  export const contextBridge: { exposeInMainWorld(name: string, api: unknown): void };
}
