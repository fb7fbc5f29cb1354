import type { IpcRenderer } from 'electron';

/** A peer as the page sees it: plain values, nothing with methods. */
export interface PeerView {
  readonly id: string;
  readonly name: string;
}

/** What the page may ask for; each is a channel of the same name. */
export interface Calls {
  'chat:peers': () => readonly PeerView[];
  /** Tells everybody. */
  'chat:say': (text: string) => void;
}

/** What the page is told; each is a channel of the same name. */
export interface Events {
  'chat:peers': readonly PeerView[];
  'chat:heard': { readonly from: PeerView; readonly text: string };
}

/** All that the page knows of the network: `window.chat`. */
export interface PageApi {
  call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<ReturnType<Calls[Name]>>;
  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): void;
}

// Only these pass, whatever a script in the page asks for.
const CALLS: Readonly<Record<keyof Calls, true>> = { 'chat:peers': true, 'chat:say': true };
const EVENTS: Readonly<Record<keyof Events, true>> = { 'chat:peers': true, 'chat:heard': true };

/** Makes the page's API of Electron's. The page gets neither `ipcRenderer` nor its events, which lead back to it. */
export function makePageApi(ipcRenderer: IpcRenderer): PageApi {
  return {
    call(name, ...args) {
      if (!Object.hasOwn(CALLS, name)) throw new TypeError(`no call ${name}`);
      return ipcRenderer.invoke(name, ...args) as Promise<never>;
    },
    on(name, listener) {
      if (!Object.hasOwn(EVENTS, name)) throw new TypeError(`no event ${name}`);
      ipcRenderer.on(name, (_event, value) => listener(value));
    },
  };
}
