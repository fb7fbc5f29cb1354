import {
  byteMessage,
  type CableCarError,
  jsonMessage,
  MsgJoin,
  type PeerId,
} from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import { describe, expectTypeOf, it } from 'vitest';
import { join } from './join.ts';
import type { PeerMessage } from './merged-stream.ts';
import type { Mesh } from './mesh.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Position extends byteMessage(0x10, { x: 'i16', y: 'i16' }) {}
class Stranger extends jsonMessage('Stranger')<{ words: string[] }> {}

type Known = Chat | Position;

// Compiled, and never called.
const enter = () => join({ service: 'chess', messages: [Chat, Position] });
const mesh = null as unknown as Awaited<ReturnType<typeof enter>>;

describe('the types of join()', () => {
  it('come from the list of classes', () => {
    expectTypeOf(enter).returns.resolves.toEqualTypeOf<Mesh<Known>>();
    const withBuiltIn = () => join({ messages: [Chat, MsgJoin] });
    expectTypeOf(withBuiltIn).returns.resolves.toEqualTypeOf<Mesh<Chat | MsgJoin>>();
    const without = () => join({});
    expectTypeOf(without).returns.resolves.toEqualTypeOf<Mesh>();
  });

  it('come from a list that is declared elsewhere, too', () => {
    const messages = [Chat, Position] as const;
    const fromConst = () => join({ messages });
    expectTypeOf(fromConst).returns.resolves.toEqualTypeOf<Mesh<Known>>();
    const loose = [Chat, Position];
    const fromArray = () => join({ messages: loose });
    expectTypeOf(fromArray).returns.resolves.toEqualTypeOf<Mesh<Known>>();
  });

  it('refuse what is no message class, options that there are not, and values that they cannot have', () => {
    // @ts-expect-error a Date is no message
    const date = () => join({ messages: [Chat, Date] });
    // @ts-expect-error a name is no class
    const name = () => join({ messages: ['Chat'] });
    // @ts-expect-error there is no such option
    const option = () => join({ messages: [Chat], port: 1 });
    // @ts-expect-error a port is a number
    const port = () => join({ messages: [Chat], udpPort: '18222' });
    // @ts-expect-error there is no such selection
    const interfaces = () => join({ messages: [Chat], interfaces: 'some' });
    // @ts-expect-error metadata is an object
    const metadata = () => join({ messages: [Chat], metadata: 3 });
    expectTypeOf([date, name, option, port, interfaces, metadata]).toBeArray();
  });
});

describe('the types of Mesh', () => {
  it('know its peers', () => {
    expectTypeOf<typeof mesh.peers>().toEqualTypeOf<ReadonlyMap<PeerId, Messenger<Known>>>();
    expectTypeOf<typeof mesh.firstPeer>().returns.resolves.toEqualTypeOf<Messenger<Known>>();
    expectTypeOf<typeof mesh>().toExtend<AsyncIterable<Messenger<Known>>>();
    expectTypeOf<typeof mesh>().toExtend<AsyncDisposable>();
    expectTypeOf<typeof mesh.messages>().returns.toEqualTypeOf<
      AsyncIterableIterator<PeerMessage<Known>>
    >();
    // @ts-expect-error the peers are not the user's to change
    const wrong = () => mesh.peers.delete('');
    expectTypeOf(wrong).toBeFunction();
  });

  it('broadcast messages of the list and no others', () => {
    const send = () => mesh.broadcast(new Chat({ text: 'hi' }));
    expectTypeOf(send).returns.toBeBoolean();
    // @ts-expect-error a Stranger is not in the list
    const stranger = () => mesh.broadcast(new Stranger({ words: [] }));
    // @ts-expect-error text is no number
    const wrong = () => mesh.broadcast(new Chat({ text: 1 }));
    // @ts-expect-error a text is no message
    const text = () => mesh.broadcast('hi');
    expectTypeOf([stranger, wrong, text]).toBeArray();
  });

  it('know what each event brings', () => {
    const listen = () => {
      mesh.on('peer', (peer) => expectTypeOf(peer).toEqualTypeOf<Messenger<Known>>());
      mesh.on('peer:lost', (peer) => expectTypeOf(peer).toEqualTypeOf<Messenger<Known>>());
      mesh.on('peer:update', ({ info }) => expectTypeOf(info.name).toBeString());
      mesh.on('warning', (error) => expectTypeOf(error).toEqualTypeOf<CableCarError>());
      // oxlint-disable-next-line typescript/no-misused-promises -- the emitter hears of what it rejects with
      mesh.on('peer', async (peer) => {
        for await (const message of peer) expectTypeOf(message).toEqualTypeOf<Known>();
      });
      mesh.once('close', () => {});
    };
    expectTypeOf(listen).toBeFunction();
  });

  it('refuse events that there are not, and listeners of another argument', () => {
    const wrong = () => {
      // @ts-expect-error no such event
      mesh.on('peers', () => {});
      // @ts-expect-error messages come from peers
      mesh.on('message', () => {});
      // @ts-expect-error nothing ever emits 'error'
      mesh.on('error', () => {});
      // @ts-expect-error a peer is no text
      mesh.on('peer', (peer: string) => peer);
      // @ts-expect-error the end brings nothing
      mesh.on('close', (reason: string) => reason);
    };
    expectTypeOf(wrong).toBeFunction();
  });
});
