import { once } from 'node:events';
import type { Messenger } from '@cablecar/messenger';
import { join } from '../join.ts';
import type { Mesh } from '../mesh.ts';
import type { Call } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { describePeer, peerRecord } from './find-peer.ts';
import { joinOptions } from './join-from.ts';
import { LineMessage } from './line-message.ts';
import { jsonText } from './terminal.ts';

/** `cablecar listen` */
export async function run({ args, terminal, signal }: Call): Promise<number> {
  const most = args.whole('count', { low: 1, high: 1e15 }) ?? Infinity;
  const [isJson, isText] = [args.has('json'), args.has('text')];
  const mesh = await join({ ...joinOptions(args), messages: [LineMessage] });
  const tell = (kind: string, { info }: Messenger): void => {
    if (isJson) terminal.printJson({ kind, peer: peerRecord(info) });
    else terminal.note(`${describePeer(info)} ${kind === 'peer' ? 'came' : 'left'}`);
  };
  mesh.on('peer', (peer) => tell('peer', peer));
  mesh.on('peer:lost', (peer) => tell('lost', peer));
  mesh.on('warning', (error) => terminal.note(error.message));
  let count = 0;
  try {
    for await (const { peer, value } of args.has('once')
      ? first(mesh, signal)
      : all(mesh, signal)) {
      const line = isText && typeof value === 'string' ? value : jsonText(value);
      const keepsUp = isJson
        ? terminal.printJson({ kind: 'value', peer: peerRecord(peer.info), value })
        : terminal.print(line);
      if (!keepsUp) await once(terminal.output, 'drain', { signal });
      if (++count >= most) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error; // Ctrl-C is how listening ends
  } finally {
    await mesh.close();
  }
  return most < Infinity && count < most ? EXIT.interrupted : EXIT.done;
}

interface Received {
  readonly peer: Messenger<LineMessage>;
  readonly value: unknown;
}

async function* all(mesh: Mesh<LineMessage>, signal: AbortSignal): AsyncGenerator<Received> {
  for await (const { peer, message } of mesh.messages({ signal })) {
    if (message instanceof LineMessage) yield { peer, value: message.value };
  }
}

/** What the first peer sends, until it has left. */
async function* first(mesh: Mesh<LineMessage>, signal: AbortSignal): AsyncGenerator<Received> {
  const peer = await mesh.firstPeer({ signal });
  for await (const message of peer.messages({ signal })) {
    if (message instanceof LineMessage) yield { peer, value: message.value };
  }
}
