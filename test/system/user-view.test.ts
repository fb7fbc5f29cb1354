/**
 * The programs that users are promised: each compiles as it stands, with these names, types and results, and each is
 * run here on the loopback.
 */
import { duplexPair } from 'node:stream';
import { BroadcastConnector, DirectClient, DirectServer } from '@cablecar/discovery';
import { Messenger } from '@cablecar/messenger';
import {
  byteMessage,
  CableCarError,
  GameLoopAdapter,
  gameLoop,
  join,
  jsonMessage,
  MsgIdentify,
  MsgQuit,
  type Mesh,
  type PeerId,
} from 'cablecar';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { z } from 'zod';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { freeTcpPort } from '../support/free-tcp-port.ts';

class Cell {
  readonly column: number;
  readonly row: number;

  constructor(column: number, row: number) {
    this.column = column;
    this.row = row;
  }
}

// prettier-ignore
class Chat extends jsonMessage('Chat')<{ text: string; tags?: string[] }> {}

// prettier-ignore
class Move extends jsonMessage('Move', z.object({ x: z.number(), y: z.number() })) {
  flipped() { return new Move({ x: 7 - this.x, y: 7 - this.y }); }
}

// prettier-ignore
class Position extends byteMessage(0x10, { id: 'u8', x: 'i16', y: 'i16', heading: 'f32', name: 'string' }) {}

// prettier-ignore
class Identify extends byteMessage(0x11)<{ username: string; hostname: string }> {
  encode() { return Buffer.from(`${this.username}@${this.hostname}`); }
  decode(bytes: Uint8Array) { [this.username, this.hostname] = Buffer.from(bytes).toString().split('@') as [string, string]; }
}

class Ready extends byteMessage(0x12) {}

// prettier-ignore
class Place extends jsonMessage('Place')<{ cell: Cell }> {
  encodeAttributes() { return { cell: [this.cell.column, this.cell.row] }; }
  decodeAttributes(raw: { cell: [number, number] }) { this.cell = new Cell(...raw.cell); }
}

type Known = Move | Chat | Position;

/** What keeps the programs of one test to themselves; a user leaves it out. */
let local = { interfaces: 'loopback', udpPort: 0 } as const as {
  readonly interfaces: 'loopback';
  readonly udpPort: number;
};
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  local = { interfaces: 'loopback', udpPort: await freeUdpPort() };
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((it) => it.close()));
});

/** The other program. */
async function enter(name: string): Promise<Mesh<Known>> {
  const mesh = await join({ ...local, name, messages: [Move, Chat, Position] });
  open.push(mesh);
  return mesh;
}

describe('Messages', () => {
  it('come out as instances of the classes that went in, methods and all', async () => {
    const list = [Chat, Move, Position, Identify, Ready, Place, MsgIdentify, MsgQuit] as const;
    const [ada, bob] = await Promise.all([
      join({ ...local, messages: list }),
      join({ ...local, messages: list }),
    ]);
    open.push(ada, bob);
    const sent = [
      new Chat({ text: 'hi' }),
      new Chat({ text: 'hi', tags: ['a', 'b'] }),
      new Move({ x: 1, y: 2 }),
      new Position({ id: 7, x: -300, y: 300, heading: 0.5, name: 'Ada' }),
      new Identify({ username: 'ada', hostname: 'pc' }),
      new Ready(),
      new Place({ cell: new Cell(3, 4) }),
      new MsgIdentify({ username: 'ada', hostname: 'pc' }),
      new MsgIdentify(),
      new MsgQuit(),
    ];
    const peer = await ada.firstPeer({ timeoutMs: 10_000 });
    for (const message of sent) peer.send(message);
    const received: unknown[] = [];
    for await (const message of await bob.firstPeer({ timeoutMs: 10_000 })) {
      received.push(message);
      if (received.length === sent.length) break;
    }
    expect(received).toStrictEqual(sent);
    expect((received[2] as Move).flipped()).toStrictEqual(new Move({ x: 6, y: 5 }));
    expect((received[6] as Place).cell).toBeInstanceOf(Cell);
    expectTypeOf(new Move({ x: 1, y: 1 }).x).toBeNumber();
  });
});

describe('The facade', () => {
  it('joins, knows its peers, broadcasts, finds the first peer, and closes', async () => {
    const ada = await join({
      service: 'tic-tac-toe', // only peers of the same service meet
      name: 'Ada', // shown to others; default user@host
      messages: [Move, Chat, Position], // types of everything below are inferred from this list
      metadata: { level: 3 }, // small, seen before connecting; mesh.setMetadata() changes it live
      ...local,
    });
    const bob = await join({ service: 'tic-tac-toe', messages: [Move, Chat, Position], ...local });
    open.push(ada, bob);
    const { signal } = new AbortController();

    expect(ada.id).toMatch(/^[0-9a-f]{32}$/);
    expectTypeOf(ada.peers).toEqualTypeOf<ReadonlyMap<PeerId, Messenger<Known>>>();
    const first = await ada.firstPeer({ timeoutMs: 10_000, signal }); // one-to-one: resolves with the first peer
    expectTypeOf(first).toEqualTypeOf<Messenger<Known>>();
    expect(ada.peers.get(bob.id)).toBe(first);
    expect(first.info.name).toMatch(/^.+@.+$/);

    const seen = await bob.firstPeer({ timeoutMs: 10_000 });
    expect(seen.info).toMatchObject({ id: ada.id, name: 'Ada', metadata: { level: 3 } });
    const updated = new Promise((resolve) => bob.once('peer:update', resolve));
    ada.setMetadata({ level: 4 });
    await updated;
    expect(seen.info.metadata).toEqual({ level: 4 });

    expect(ada.broadcast(new Chat({ text: 'hi' }))).toBe(true); // to every peer
    const { value } = await seen.messages().next();
    expect(value).toEqual(new Chat({ text: 'hi' }));

    await ada.close(); // flush, say goodbye, release every socket and timer; the process can exit
    expect(() => ada.broadcast(new Chat({ text: 'late' }))).toThrow(CableCarError);
  });

  it('closes by itself at the end of a block', async () => {
    const bob = await enter('Bob');
    let closed = false;
    {
      await using mesh = await join({ ...local, messages: [Move, Chat, Position] });
      mesh.on('close', () => (closed = true));
      await mesh.firstPeer({ timeoutMs: 10_000 });
    }
    expect(closed).toBe(true);
    await vi.waitUntil(() => bob.peers.size === 0, { timeout: 10_000 });
  });

  it('tells of peers and their messages by events', async () => {
    const lines: string[] = [];
    const console = { log: (line: string) => lines.push(line) };
    const mesh = await enter('Ada');
    mesh.on('peer', (peer) => {
      // a Messenger, exactly once per peer
      peer.send(new Chat({ text: `hello ${peer.info.name}` }));
      peer.on('message', (message) => {
        if (message instanceof Chat) console.log(message.text);
      });
      peer.on('close', ({ code, reason }) =>
        console.log(`${peer.info.name} left: ${code} ${reason}`),
      );
    });
    mesh.on('peer:lost', (peer) => console.log(`lost ${peer.info.name}`));
    mesh.on('warning', (error) => console.log(error.message)); // nothing on the network ever throws at you

    const bob = await enter('Bob');
    const peer = await bob.firstPeer({ timeoutMs: 10_000 });
    expect((await peer.messages().next()).value).toEqual(new Chat({ text: 'hello Bob' }));
    peer.send(new Chat({ text: 'hello yourself' }));
    await bob.close({ reason: 'tea' });
    await vi.waitUntil(() => lines.length === 3, { timeout: 10_000 });
    expect(lines[0]).toBe('hello yourself');
    expect(lines.slice(1).sort()).toEqual(['Bob left: goodbye tea', 'lost Bob']);
  });

  it('gives messages to a loop, peer by peer', async () => {
    const played: Move[] = [];
    const play = (move: Move): number => played.push(move);
    const ended: string[] = [];
    const mesh = await enter('Ada');
    // oxlint-disable-next-line typescript/no-misused-promises -- the emitter hears of what it rejects with
    mesh.on('peer', async (peer) => {
      for await (const message of peer) {
        // ends when the peer closes; throws if the connection was lost
        if (message instanceof Move) play(message.flipped());
      }
      ended.push(peer.info.name);
    });

    const bob = await enter('Bob');
    await bob.firstPeer({ timeoutMs: 10_000 });
    for (const x of [1, 2, 3]) bob.broadcast(new Move({ x, y: 0 }));
    await bob.close();
    await vi.waitUntil(() => ended.length === 1, { timeout: 10_000 });
    expect(played.map(({ x }) => x)).toEqual([6, 5, 4]);
  });

  it('gives the messages of all peers in one stream, its peers as they come, and batches', async () => {
    const mesh = await enter('Ada');
    const others = [await enter('Bob'), await enter('Eve')];
    const abort = new AbortController();
    const { signal } = abort;

    const names: string[] = [];
    for await (const peer of mesh) {
      // peers as they come
      names.push(peer.info.name);
      if (names.length === 2) break;
    }
    expect(names.sort()).toEqual(['Bob', 'Eve']);

    const heard: string[] = [];
    const reading = (async () => {
      for await (const { peer, message } of mesh.messages({ signal })) {
        // all peers, one stream
        expectTypeOf(peer).toEqualTypeOf<Messenger<Known>>();
        expectTypeOf(message).toEqualTypeOf<Known>();
        if (message instanceof Chat) heard.push(`${peer.info.name}: ${message.text}`);
        if (heard.length === 2) abort.abort(new Error('enough'));
      }
    })();
    for (const other of others) {
      await other.firstPeer({ timeoutMs: 10_000 });
      for (const peer of other.peers.values()) {
        if (peer.info.name === 'Ada') peer.send(new Chat({ text: 'hi' }));
      }
    }
    await expect(reading).rejects.toThrow('enough');
    expect(heard.sort()).toEqual(['Bob: hi', 'Eve: hi']);

    const [peer] = mesh.peers.values();
    const received: Known[] = [];
    const sender = others.find(({ id }) => id === peer?.info.id);
    for (const x of [1, 2, 3]) sender?.broadcast(new Move({ x, y: 0 }));
    for await (const batch of peer?.batches() ?? []) {
      for (const message of batch) received.push(message); // everything that is there, at the speed of an array
      if (received.length === 3) break;
    }
    expect(received.map((message) => (message as Move).x)).toEqual([1, 2, 3]);
  });

  it('has one consumer a messenger', async () => {
    const [ada] = await Promise.all([enter('Ada'), enter('Bob')]);
    const peer = await ada.firstPeer({ timeoutMs: 10_000 });
    void peer.messages().next();
    await expect(peer.messages().next()).rejects.toMatchObject({ code: 'ERR_CONCURRENT_READ' });
    expect(() => new GameLoopAdapter(peer).get()).toThrow(/one consumer at a time/);
  });

  it('feeds a game loop', async () => {
    const [mesh, other] = await Promise.all([enter('Ada'), enter('Bob')]);
    const lines = [
      new GameLoopAdapter(await mesh.firstPeer({ timeoutMs: 10_000 })),
      new GameLoopAdapter(await other.firstPeer({ timeoutMs: 10_000 })),
    ];
    const applied: Known[][] = [[], []];
    const abort = new AbortController();
    const { signal } = abort;
    const loops = lines.map((line, index) => {
      const apply = (message: Known): number => applied[index]?.push(message) ?? 0;
      let x = 0;
      function tick() {
        line.send(new Position({ id: index, x: x++, y: 0, heading: 0, name: 'p' }));
        line.xfer(); // flush what was sent, take in what has come; false once closed
        for (let message; (message = line.get()) !== null;) apply(message);
        if (applied.every(({ length }) => length >= 20)) abort.abort();
      }
      return gameLoop({ hz: 200, signal }, tick);
    });
    await Promise.all(loops);
    for (const [index, messages] of applied.entries()) {
      const positions = messages as Position[];
      expect(positions.map(({ x }) => x)).toEqual(positions.map((_, at) => at));
      expect(positions.every(({ id }) => id === 1 - index)).toBe(true);
    }
    const [line, last] = lines as [GameLoopAdapter<Known>, GameLoopAdapter<Known>];
    expect(line.closed).toBe(false);
    await line.shutdown(); // flush, then close
    expect(line.closed).toBe(true);
    last.close();
    expect(last.closed).toBe(true);
  });
});

describe('The parts by themselves', () => {
  it('find each other by broadcast, once', async () => {
    const { udpPort } = local;
    const start = async (): Promise<readonly [BroadcastConnector, Messenger<Move>[]]> => {
      const messengers: Messenger<Move>[] = [];
      const connector = new BroadcastConnector({
        service: 'tic-tac-toe',
        once: true,
        timeoutMs: 10_000,
        udpPort,
        interfaces: 'loopback',
      });
      connector.on('peer', (link) => {
        // exactly once per peer, whoever dialled
        const messenger = new Messenger(link, { messages: [Move] });
        expectTypeOf(messenger).toEqualTypeOf<Messenger<Move>>();
        messengers.push(messenger);
        open.push(messenger);
      });
      await connector.start(); // resolves when listening and announcing; rejects on a port in use …
      return [connector, messengers];
    };
    const [[ada, ofAda], [bob, ofBob]] = await Promise.all([start(), start()]);
    await vi.waitUntil(() => ofAda.length === 1 && ofBob.length === 1, { timeout: 10_000 });
    expect([...ada.links.keys()]).toEqual([bob.id]);
    expect(ada.addresses()).toEqual(['127.0.0.1']);
    await Promise.all([ada.stop(), bob.stop()]); // stop announcing, listening and dialling; links stay open
    ofAda[0]?.send(new Move({ x: 1, y: 2 }));
    expect((await ofBob[0]?.messages().next())?.value).toStrictEqual(new Move({ x: 1, y: 2 }));
  });

  it('connect two that know where to meet, whoever starts first', async () => {
    const port = await freeTcpPort();
    const { signal } = new AbortController();
    const dialling = new DirectClient({ host: 'localhost', port }).connect({
      timeoutMs: 10_000,
      signal,
    }); // retries until then
    const link = await new DirectServer({ port, interfaces: 'loopback' }).connect({
      timeoutMs: 10_000,
      signal,
    });
    const link2 = await dialling;
    const [served, dialled] = [link, link2].map((it) => new Messenger(it, { messages: [Chat] }));
    if (!served || !dialled) throw new Error('both are there');
    open.push(served, dialled);
    dialled.send(new Chat({ text: 'found you' }));
    for await (const { text } of served) {
      expect(text).toBe('found you');
      break;
    }
    expect([link.peer.dialledBy, link2.peer.dialledBy]).toEqual(['them', 'us']);
  });

  it('speak over any stream', async () => {
    const [ours, theirs] = duplexPair();
    const [ada, bob] = [
      new Messenger(ours, { messages: [Move] }),
      new Messenger(theirs, { messages: [Move] }),
    ];
    open.push(ada, bob);
    ada.send(new Move({ x: 3, y: 4 }));
    for await (const move of bob) {
      expect(move.flipped()).toStrictEqual(new Move({ x: 4, y: 3 }));
      break;
    }
    await ada.close();
  });
});

describe('Errors', () => {
  it('are of one class, with a code, an origin, a sentence and a cause', async () => {
    const ada = await enter('Ada');
    const error = await ada.firstPeer({ timeoutMs: 10 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CableCarError);
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', origin: 'local' });
    expect((error as CableCarError).message).toMatch(/^\[ERR_TIMEOUT\] .+, expected .+$/);
  });

  it('are thrown at the call for misuse, and leave the rest as it was', async () => {
    const [ada, bob] = await Promise.all([enter('Ada'), enter('Bob')]);
    const peer = await ada.firstPeer({ timeoutMs: 10_000 });
    expect(() => peer.send(new Ready() as never)).toThrow(
      expect.objectContaining({ code: 'ERR_MESSAGE_UNREGISTERED', origin: 'local' }),
    );
    peer.send(new Chat({ text: 'still here' }));
    const other = await bob.firstPeer({ timeoutMs: 10_000 });
    expect((await other.messages().next()).value).toEqual(new Chat({ text: 'still here' }));
  });

  it('of a listener are a warning, and the others hear all the same', async () => {
    const [ada, bob] = await Promise.all([enter('Ada'), enter('Bob')]);
    const peer = await ada.firstPeer({ timeoutMs: 10_000 });
    const heard: unknown[] = [];
    const warned = new Promise<CableCarError>((resolve) => ada.once('warning', resolve));
    peer.on('message', () => {
      throw new Error('mine');
    });
    peer.on('message', (message) => heard.push(message));
    const other = await bob.firstPeer({ timeoutMs: 10_000 });
    other.send(new Chat({ text: 'hi' }));
    expect(await warned).toMatchObject({ code: 'ERR_LISTENER', cause: { message: 'mine' } });
    await vi.waitUntil(() => heard.length === 1, { timeout: 10_000 });
  });
});
