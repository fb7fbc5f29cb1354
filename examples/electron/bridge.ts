import { jsonMessage, type Mesh, type Messenger } from 'cablecar';
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type { Calls, Events, PeerView } from './page-api.ts';

/** What travels between two applications. */
export class Chat extends jsonMessage('Chat')<{ text: string }> {}

const MOST_LETTERS = 2_000;

/** Lets one page, and no other, talk through a mesh for as long as both are there. */
export function bridge(mesh: Mesh<Chat>, page: WebContents, ipcMain: IpcMain): void {
  const tell = <Name extends keyof Events>(name: Name, value: Events[Name]): void => {
    if (!page.isDestroyed()) page.send(name, value);
  };
  const peers = (): PeerView[] => [...mesh.peers.values()].map(viewOf);

  const calls: Calls = {
    'chat:peers': peers,
    'chat:say': (text) => {
      // The page shows what others write, so it is not trusted more than they are.
      if (typeof text !== 'string' || text.length > MOST_LETTERS) throw new TypeError('no text');
      mesh.broadcast(new Chat({ text }));
    },
  };
  for (const [name, call] of Object.entries(calls) as [keyof Calls, (text: string) => unknown][]) {
    ipcMain.handle(name, ({ sender }: IpcMainInvokeEvent, text: string) => {
      if (sender !== page) throw new Error('not from our page');
      return call(text);
    });
  }

  const meet = (peer: Messenger<Chat>): void => {
    tell('chat:peers', peers());
    peer.on('message', ({ text }) => {
      if (typeof text === 'string') tell('chat:heard', { from: viewOf(peer), text });
    });
  };
  mesh.on('peer', meet);
  mesh.on('peer:lost', () => tell('chat:peers', peers()));
  for (const peer of mesh.peers.values()) meet(peer);
}

function viewOf({ info: { id, name } }: Messenger<Chat>): PeerView {
  return { id, name };
}
