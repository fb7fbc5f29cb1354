import {
  byteMessage,
  jsonMessage,
  type CableCarError,
  type ErrorCode,
} from '@cablecar/core-protocol';
import type { Messenger, MessengerClose } from '@cablecar/messenger';
import { World, type NetworkOptions, type SimHost } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';
import { join } from './join.ts';
import type { PeerMessage } from './merged-stream.ts';
import type { Mesh } from './mesh.ts';
import type { JoinOptions } from './options.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Count extends byteMessage(0x20, { number: 'u32' }) {}
class Blob extends byteMessage(0x21, { bytes: 'bytes' }) {}

const messages = [Chat, Count, Blob] as const;
type Known = Chat | Count | Blob;
type Party = Mesh<Known>;
type Peer = Messenger<Known>;
type Options = Omit<JoinOptions<typeof messages>, 'messages' | 'transport'>;

const LAN: NetworkOptions = { delayMs: [1, 5] };
/** A session waits so long for its connection, by default. */
const RESUME_WINDOW_MS = 30_000;
const ROUGH: NetworkOptions = { delayMs: [1, 20], datagramLoss: 0.3, chunkBytes: [1, 40] };

function enter(world: World, host: SimHost, options: Options = {}): Promise<Party> {
  const { transport } = host;
  return world.runUntil(join({ name: host.name, ...options, messages, transport }));
}

/** Programs that join one after the other, each on a host of its own, and have all met. */
async function gather(
  world: World,
  names: readonly string[],
  options: Options = {},
): Promise<readonly Party[]> {
  const parties: Party[] = [];
  for (const name of names) parties.push(await enter(world, world.host(name), options));
  await world.runUntil(() => parties.every(({ peers }) => peers.size === names.length - 1));
  return parties;
}

/** Three that have met: the first, and what it sees of the others. */
async function three(
  network: NetworkOptions = LAN,
  seed = 1,
): Promise<{ world: World; ada: Party; bob: Party; eve: Party }> {
  const world = new World({ seed, network });
  const [ada, bob, eve] = (await gather(world, ['ada', 'bob', 'eve'])) as [Party, Party, Party];
  return { world, ada, bob, eve };
}

const code = (expected: ErrorCode): Error => expect.objectContaining({ code: expected });
const textOf = (message: Known): string => (message instanceof Chat ? message.text : '');
const numberOf = (message: Known): number => (message instanceof Count ? message.number : -1);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const nameOf = ({ info }: Peer): string => info.name;
const hostOf = (world: World, name: string): SimHost =>
  world.hosts.find((host) => host.name === name) as SimHost;

/** Reads on until the stream ends or throws. */
async function readAll(stream: AsyncIterable<PeerMessage<Known>>): Promise<PeerMessage<Known>[]> {
  const read: PeerMessage<Known>[] = [];
  for await (const item of stream) read.push(item);
  return read;
}

describe('join()', () => {
  it.each([
    ['on a calm network', LAN],
    ['where datagrams are lost and streams are cut anywhere', ROUGH],
  ])('lets three meet, each pair once, and talk %s', async (_, network) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const world = new World({ seed, network });
      const met: string[] = [];
      const heard: string[] = [];
      const parties: Party[] = [];
      for (const name of ['ada', 'bob', 'eve']) {
        const mesh = await enter(world, world.host(name));
        parties.push(mesh);
        mesh.on('peer', (peer) => {
          met.push(`${name} ${nameOf(peer)}`);
          peer.send(new Chat({ text: `${name} to ${nameOf(peer)}` }));
          peer.on('message', (message) => heard.push(textOf(message)));
        });
      }
      await world.runUntil(() => heard.length === 6);
      await world.run({ forMs: 5_000 });
      const pairs = ['ada bob', 'ada eve', 'bob ada', 'bob eve', 'eve ada', 'eve bob'];
      expect([...met].sort(), `seed ${seed}`).toEqual(pairs);
      expect([...heard].sort(), `seed ${seed}`).toEqual(
        pairs.map((pair) => pair.replace(' ', ' to ')),
      );
      expect(world.connections.length).toBe(3);
      await world.runUntil(Promise.all(parties.map((mesh) => mesh.close())));
    }
  });

  it('lets only programs of one service meet', async () => {
    const world = new World();
    const options = { service: 'chess' };
    const [ada] = await gather(world, ['ada', 'bob'], options);
    const stranger = await enter(world, world.host('eve'), { service: 'checkers' });
    await world.run({ forMs: 5_000 });
    expect(ada?.peers.size).toBe(1);
    expect(stranger.peers.size).toBe(0);
  });

  it('refuses bad options at the call and leaves nothing open', async () => {
    const world = new World();
    const { transport } = world.host('ada');
    const wrong = [
      [{ udpPort: 80 }, /udpPort is 80, expected a whole number from 1024 to 65535/],
      [{ maxMessageBytes: 1 }, /maxMessageBytes is 1, expected a whole number from 1024 to/],
      [{ wire: 'morse' as never }, /wire is morse, expected native/],
    ] as const;
    for (const [options, sentence] of wrong) {
      const joining = join({ transport, ...options });
      await expect(joining).rejects.toThrow(sentence);
      await expect(joining).rejects.toEqual(code('ERR_OPTION'));
    }
    class Other extends jsonMessage('Chat')<{ words: number }> {}
    const twice = join({ transport, messages: [Chat, Other] });
    await expect(twice).rejects.toEqual(code('ERR_MESSAGE_DUPLICATE'));
    expect(world.openHandles()).toEqual([]);
  });

  it('knows each peer by its id and shows its name and metadata', async () => {
    const world = new World({ network: LAN });
    const ada = await enter(world, world.host('ada'));
    const bob = await enter(world, world.host('bob'), { metadata: { level: 3 } });
    await world.runUntil(() => ada.peers.size === 1);
    expect(ada.name).toBe('ada');
    expect(ada.id).toMatch(/^[0-9a-f]{32}$/);
    expect([...ada.peers.keys()]).toEqual([bob.id]);
    expect(ada.peers.get(bob.id)?.info).toMatchObject({
      id: bob.id,
      name: 'bob',
      metadata: { level: 3 },
    });
  });
});

describe('Mesh', () => {
  it('broadcasts to every peer that is there', async () => {
    const { world, ada, bob, eve } = await three();
    const heard: string[] = [];
    for (const mesh of [bob, eve]) {
      for (const peer of mesh.peers.values()) {
        peer.on('message', (message) => heard.push(`${mesh.name}: ${textOf(message)}`));
      }
    }
    expect(ada.broadcast(new Chat({ text: 'hi' }))).toBe(true);
    await world.runUntil(() => heard.length === 2);
    await world.run({ forMs: 1_000 });
    expect(heard.sort()).toEqual(['bob: hi', 'eve: hi']);
  });

  it('answers false where a broadcast meets a peer that does not keep up, and leaves it out where it is full', async () => {
    const world = new World({ network: LAN });
    const bounds = {
      outboxBytes: 4_096,
      outboxLimitBytes: 8_192,
      inboxBytes: 1_024,
      maxMessageBytes: 1_024,
    };
    const [ada, bob, eve] = (await gather(world, ['ada', 'bob', 'eve'], bounds)) as [
      Party,
      Party,
      Party,
    ];
    const warnings: CableCarError[] = [];
    ada.on('warning', (error) => warnings.push(error));
    const heard: number[] = [];
    for (const peer of eve.peers.values())
      peer.on('message', (message) => heard.push(numberOf(message)));
    // Nobody reads at bob's.
    let number = 0;
    let below = true;
    while (warnings.length === 0) {
      below = ada.broadcast(new Count({ number: number++ }));
      await world.run({ forMs: 20 });
    }
    expect(below).toBe(false);
    expect(warnings[0]).toEqual(code('ERR_OUTBOX_FULL'));
    await world.runUntil(() => heard.length === number);
    expect(heard).toEqual(upTo(number));
    expect(bob.peers.get(ada.id)?.stats.messagesSkipped).toBe(0);
  });

  it('warns of a peer that takes less than is broadcast, and leaves that one out (T21)', async () => {
    const world = new World({ network: LAN });
    const ada = await enter(world, world.host('ada'));
    const small = await enter(world, world.host('small'), { maxMessageBytes: 1_024 });
    const eve = await enter(world, world.host('eve'));
    await world.runUntil(() => ada.peers.size === 2 && eve.peers.has(ada.id));
    const warnings: CableCarError[] = [];
    ada.on('warning', (error) => warnings.push(error));
    const heard: string[] = [];
    for (const { peers } of [small, eve])
      peers.get(ada.id)?.on('message', (message) => heard.push(textOf(message)));
    const text = 'x'.repeat(2_000);
    await world.run({ forMs: 100 });
    expect(ada.broadcast(new Chat({ text }))).toBe(false);
    expect(warnings).toEqual([code('ERR_PEER_LIMIT')]);
    ada.broadcast(new Chat({ text: 'short' }));
    await world.runUntil(() => heard.length === 3);
    expect(heard.sort()).toEqual(['short', 'short', text]);
  });

  it('refuses to broadcast what cannot travel, as send() does, and after close()', async () => {
    const { world, ada } = await three();
    class Stranger extends jsonMessage('Stranger')<{ text: string }> {}
    expect(() => ada.broadcast(new Stranger({ text: '' }) as never)).toThrow(
      code('ERR_MESSAGE_UNREGISTERED'),
    );
    expect(() => ada.broadcast(new Count({ number: -1 }))).toThrow(code('ERR_MESSAGE_ENCODE'));
    const bytes = new Uint8Array(2 ** 20);
    expect(() => ada.broadcast(new Blob({ bytes }))).toThrow(code('ERR_MESSAGE_TOO_LARGE'));
    await world.runUntil(ada.close());
    expect(() => ada.broadcast(new Count({ number: 1 }))).toThrow(
      /broadcast\(\) after close\(\), expected/,
    );
  });

  it('tells the others what it changed by setMetadata()', async () => {
    const { world, ada, bob, eve } = await three();
    const told: string[] = [];
    for (const mesh of [bob, eve]) {
      mesh.on('peer:update', ({ info: { name, metadata } }) => {
        told.push(`${mesh.name}: ${name} ${JSON.stringify(metadata)}`);
      });
    }
    ada.setMetadata({ level: 4 });
    await world.runUntil(() => told.length === 2);
    await world.run({ forMs: 5_000 });
    expect(told.sort()).toEqual(['bob: ada {"level":4}', 'eve: ada {"level":4}']);
    expect(bob.peers.get(ada.id)?.info.metadata).toEqual({ level: 4 });
    expect(() => ada.setMetadata({ essay: 'x'.repeat(1_000) })).toThrow(code('ERR_OPTION'));
  });

  it('gives its peers one by one, those that are there first, until it closes', async () => {
    const { world, ada } = await three();
    const names: string[] = [];
    const walking = (async () => {
      for await (const peer of ada) names.push(nameOf(peer));
    })();
    await world.run({ forMs: 100 });
    expect([...names].sort()).toEqual(['bob', 'eve']);
    await enter(world, world.host('max'));
    await world.runUntil(() => names.length === 3);
    expect(names[2]).toBe('max');
    await world.runUntil(ada.close());
    await world.runUntil(walking);
    expect((await ada[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  it('does not give a peer that went before anybody looked', async () => {
    const { world, ada, bob } = await three();
    const peers = ada[Symbol.asyncIterator]();
    await world.runUntil(bob.close());
    await world.runUntil(() => ada.peers.size === 1);
    expect(nameOf((await peers.next()).value as Peer)).toBe('eve');
    const next = peers.next();
    await peers.return?.();
    expect((await next).done).toBe(true);
    expect(ada.listenerCount('peer')).toBe(0);
  });
});

describe('Mesh.firstPeer()', () => {
  it('resolves at once when a peer is there', async () => {
    const { ada } = await three();
    expect(['bob', 'eve']).toContain(nameOf(await ada.firstPeer()));
    expect(['bob', 'eve']).toContain(nameOf(await ada.firstPeer({ timeoutMs: 1 })));
  });

  it('resolves later when one is met, for everybody who waits', async () => {
    const world = new World({ network: LAN });
    const ada = await enter(world, world.host('ada'));
    const waiting = Promise.all([ada.firstPeer(), ada.firstPeer({ timeoutMs: 10_000 })]);
    await world.run({ forMs: 5_000 });
    await enter(world, world.host('bob'));
    expect((await world.runUntil(waiting)).map(nameOf)).toEqual(['bob', 'bob']);
    expect(ada.listenerCount('peer')).toBe(0);
  });

  it('rejects at its timeout, on abort with the reason, and when the mesh closes', async () => {
    const world = new World();
    const ada = await enter(world, world.host('ada'));
    await expect(world.runUntil(ada.firstPeer({ timeoutMs: 500 }))).rejects.toThrow(
      /\[ERR_TIMEOUT\] meeting a peer did not happen within 500 ms, expected it to/,
    );
    const abort = new AbortController();
    const aborted = ada.firstPeer({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(ada.firstPeer({ signal: abort.signal })).rejects.toThrow('enough');
    await expect(ada.firstPeer({ timeoutMs: -1 })).rejects.toEqual(code('ERR_OPTION'));
    const closed = ada.firstPeer();
    const closing = ada.close();
    await expect(world.runUntil(closed)).rejects.toEqual(code('ERR_CLOSED'));
    await world.runUntil(closing);
    await expect(ada.firstPeer()).rejects.toEqual(code('ERR_CLOSED'));
    expect(world.openHandles()).toEqual([]);
  });
});

describe('Mesh.messages()', () => {
  it('merges the messages of all peers, each in its order, those to come included', async () => {
    const { world, ada, bob, eve } = await three(ROUGH);
    const reading = readAll(ada.messages());
    for (const number of upTo(100)) {
      bob.broadcast(new Count({ number }));
      eve.broadcast(new Count({ number: number + 1_000 }));
      await world.run({ forMs: 5 });
    }
    const max = await enter(world, world.host('max'));
    await world.runUntil(() => max.peers.size === 3);
    max.broadcast(new Chat({ text: 'late' }));
    await world.run({ forMs: 2_000 });
    await world.runUntil(ada.close());
    const read = await world.runUntil(reading);
    const of = (name: string): number[] =>
      read.filter(({ peer }) => nameOf(peer) === name).map(({ message }) => numberOf(message));
    expect(of('bob')).toEqual(upTo(100));
    expect(of('eve')).toEqual(upTo(100).map((number) => number + 1_000));
    expect(of('max')).toEqual([-1]);
  });

  it('gives every peer its turn, however much waits from another', async () => {
    const { world, ada, bob, eve } = await three();
    for (const number of upTo(500)) bob.broadcast(new Count({ number }));
    for (const number of upTo(5)) eve.broadcast(new Count({ number }));
    await world.run({ forMs: 1_000 });
    const stream = ada.messages();
    const order: string[] = [];
    for (let taken = 0; taken < 10; taken++) {
      order.push(nameOf(((await stream.next()).value as PeerMessage<Known>).peer));
    }
    expect(order.filter((name) => name === 'eve')).toHaveLength(5);
    await stream.return?.();
  });

  it('holds the peers when it is not read, and loses nothing', async () => {
    const world = new World({ network: LAN });
    const bounds = { inboxMessages: 16, outboxBytes: 1_024 };
    const [ada, bob] = (await gather(world, ['ada', 'bob'], bounds)) as [Party, Party];
    const stream = ada.messages();
    const first = stream.next();
    let sent = 0;
    while (bob.broadcast(new Count({ number: sent++ })));
    await world.runUntil(first);
    await world.run({ forMs: 10_000 });
    const peer = ada.peers.get(bob.id) as Peer;
    expect(peer.stats.messagesWaiting).toBeLessThanOrEqual(17);
    const read: number[] = [0];
    while (read.length < sent) {
      const { value } = await world.runUntil(stream.next());
      read.push(numberOf((value as PeerMessage<Known>).message));
    }
    expect(read).toEqual(upTo(sent));
  });

  it('ends the part of a peer that is lost, after its last message, and goes on with the others', async () => {
    const { world, ada, bob, eve } = await three();
    const reading = readAll(ada.messages());
    bob.broadcast(new Chat({ text: 'last words' }));
    await world.run({ forMs: 50 });
    hostOf(world, 'bob').crash({ sockets: 'reset' });
    await world.runUntil(() => ada.peers.size === 1);
    eve.broadcast(new Chat({ text: 'still here' }));
    await world.run({ forMs: 100 });
    await world.runUntil(ada.close());
    const read = await world.runUntil(reading);
    expect(read.map(({ message }) => textOf(message))).toEqual(['last words', 'still here']);
  });

  it('ends at close() with what had arrived by then', async () => {
    const { world, ada, bob } = await three();
    const stream = ada.messages();
    const first = stream.next();
    for (const number of upTo(10)) bob.broadcast(new Count({ number }));
    await world.runUntil(first);
    await world.run({ forMs: 100 });
    await world.runUntil(ada.close());
    expect((await readAll(stream)).map(({ message }) => numberOf(message))).toEqual(
      upTo(10).slice(1),
    );
    expect(await readAll(ada.messages())).toEqual([]);
  });

  it('throws the reason when its signal aborts, and gives the peers free', async () => {
    const { world, ada, bob } = await three();
    const abort = new AbortController();
    const reading = readAll(ada.messages({ signal: abort.signal }));
    await world.run({ forMs: 10 });
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await expect(readAll(ada.messages({ signal: abort.signal }))).rejects.toThrow('enough');
    const again = ada.messages();
    const next = again.next();
    bob.broadcast(new Chat({ text: 'on' }));
    expect((await world.runUntil(next)).value?.peer.info.name).toBe('bob');
  });

  it('rejects where a peer is read otherwise, and gives the others free', async () => {
    const { world, ada, bob } = await three();
    const peer = ada.peers.get(bob.id) as Peer;
    const own = peer.messages();
    const pending = own.next();
    await expect(ada.messages().next()).rejects.toEqual(code('ERR_CONCURRENT_READ'));
    bob.broadcast(new Chat({ text: 'mine' }));
    expect(textOf((await world.runUntil(pending)).value as Known)).toBe('mine');
    await own.return?.();
    const merged = ada.messages();
    const next = merged.next();
    await expect(ada.messages().next()).rejects.toEqual(code('ERR_CONCURRENT_READ'));
    expect(() => peer.on('message', () => {})).toThrow(code('ERR_CONCURRENT_READ'));
    bob.broadcast(new Chat({ text: 'merged' }));
    expect((await world.runUntil(next)).value?.message).toEqual(new Chat({ text: 'merged' }));
  });

  it('answers several calls of next() in their order, and none of them is forgotten', async () => {
    const { world, ada, bob } = await three();
    const stream = ada.messages();
    const calls = [stream.next(), stream.next(), stream.next()];
    for (const number of upTo(2)) bob.broadcast(new Count({ number }));
    const [one, two] = await world.runUntil(Promise.all(calls.slice(0, 2)));
    expect([one, two].map((result) => numberOf(result?.value?.message as Known))).toEqual([0, 1]);
    await stream.return?.();
    expect(await calls[2]).toEqual({ done: true, value: undefined });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('listens no more once it was left, also before it was begun', async () => {
    const { ada } = await three();
    const unread = ada.messages();
    await unread.return?.();
    expect(await unread.next()).toEqual({ done: true, value: undefined });
    expect(ada.listenerCount('peer') + ada.listenerCount('close')).toBe(0);
  });
});

describe('Mesh.close()', () => {
  it('says goodbye to the others, is told once, and leaves nothing open', async () => {
    const { world, ada, bob, eve } = await three();
    const log: string[] = [];
    ada.on('close', () => log.push('close'));
    ada.on('peer:lost', (peer) => log.push(`ada lost ${nameOf(peer)}`));
    for (const mesh of [bob, eve]) {
      mesh.peers
        .get(ada.id)
        ?.on('close', ({ code: how, reason }) => log.push(`${mesh.name} ${how} ${reason}`));
      mesh.on('peer:lost', (peer) => log.push(`${mesh.name} lost ${nameOf(peer)}`));
    }
    ada.broadcast(new Chat({ text: 'bye' }));
    const closing = ada.close({ reason: 'the game is over' });
    expect(ada.closed).toBe(true);
    expect(ada.close()).toBe(closing);
    await world.runUntil(closing);
    await world.run({ forMs: 20_000 });
    expect(log.sort()).toEqual([
      'ada lost bob',
      'ada lost eve',
      'bob goodbye the game is over',
      'bob lost ada',
      'close',
      'eve goodbye the game is over',
      'eve lost ada',
    ]);
    expect(hostOf(world, 'ada').openHandles()).toEqual([]);
    expect([bob.peers.size, eve.peers.size]).toEqual([1, 1]);
    await world.runUntil(Promise.all([bob.close(), eve.close()]));
    expect(world.openHandles()).toEqual([]);
  });

  it('delivers what was sent before', async () => {
    const { world, ada, bob } = await three(ROUGH);
    const heard: number[] = [];
    bob.peers.get(ada.id)?.on('message', (message) => heard.push(numberOf(message)));
    for (const number of upTo(300)) ada.broadcast(new Count({ number }));
    await world.runUntil(ada.close());
    await world.run({ forMs: 1_000 });
    expect(heard).toEqual(upTo(300));
  });

  it('gives up on a peer that does not answer, within the time it was given', async () => {
    const { world, ada, bob } = await three();
    const [host, other] = [hostOf(world, 'ada'), hostOf(world, 'bob')];
    world.partition([host], [other]);
    let close: MessengerClose | undefined;
    ada.peers.get(bob.id)?.on('close', (event) => (close = event));
    ada.broadcast(new Chat({ text: 'unheard' }));
    const began = world.now;
    await world.runUntil(ada.close({ flushTimeoutMs: 300 }));
    expect(world.now - began).toBeLessThan(2_000);
    expect(close).toMatchObject({ code: 'closed', undelivered: 1 });
    expect(host.openHandles()).toEqual([]);
  });

  it('meets nobody any more while it waits for its last words to be read', async () => {
    const { world, ada, bob } = await three();
    world.partition([hostOf(world, 'ada')], [hostOf(world, 'bob')]);
    ada.broadcast(new Chat({ text: 'unheard' }));
    const closing = ada.close();
    const max = await enter(world, world.host('max'));
    const met: string[] = [];
    max.on('peer', (peer) => met.push(nameOf(peer)));
    await world.runUntil(closing);
    await world.run({ forMs: 3_000 });
    expect(met.sort()).toEqual(['bob', 'eve']);
    expect(bob.peers.size).toBeGreaterThan(0);
  });

  it('may be called while others are met, and by `await using`', async () => {
    for (const seed of upTo(20)) {
      const world = new World({ seed: seed + 1, network: LAN });
      const ada = await enter(world, world.host('ada'));
      const bob = await enter(world, world.host('bob'));
      await world.run({ forMs: world.choose(40) });
      const [met, lost] = [new Set<Peer>(), new Set<Peer>()];
      bob.on('peer', (peer) => met.add(peer)).on('peer:lost', (peer) => lost.add(peer));
      for (const peer of bob.peers.values()) met.add(peer);
      await world.runUntil(ada[Symbol.asyncDispose]());
      // Whoever took the handshake for complete when it was broken off looks for another connection for so long.
      await world.run({ forMs: RESUME_WINDOW_MS + 5_000 });
      expect(lost, `seed ${world.seed}`).toEqual(met);
      expect(bob.peers.size, `seed ${world.seed}`).toBe(0);
      expect(hostOf(world, 'ada').openHandles(), `seed ${world.seed}`).toEqual([]);
    }
  });
});

describe('A peer', () => {
  it('that leaves and returns is a new peer', async () => {
    const { world, ada, bob } = await three();
    const log: string[] = [];
    ada.on('peer', (peer) => log.push(`met ${nameOf(peer)}`));
    ada.on('peer:lost', (peer) => log.push(`lost ${nameOf(peer)}`));
    await world.runUntil(bob.close());
    await world.runUntil(() => log.length === 1);
    const again = await enter(world, hostOf(world, 'bob'));
    await world.runUntil(() => log.length === 2);
    await world.run({ forMs: 10_000 });
    expect(log).toEqual(['lost bob', 'met bob']);
    expect(ada.peers.has(again.id)).toBe(true);
    expect(ada.peers.has(bob.id)).toBe(false);
  });

  it.each(['close', 'reset', 'vanish'] as const)(
    'that crashes has crashed (sockets: %s), and its restart is a new one',
    async (sockets) => {
      const { world, ada } = await three();
      const log: string[] = [];
      ada.on('peer', (peer) => log.push(`met ${nameOf(peer)}`));
      for (const peer of ada.peers.values()) {
        peer.on('close', ({ code: how }) => log.push(`${nameOf(peer)} ${how}`));
      }
      const host = hostOf(world, 'bob');
      host.crash({ sockets });
      await world.run({ forMs: 1_000 });
      host.restart();
      const bob = await enter(world, host);
      await world.runUntil(() => ada.peers.has(bob.id), { withinMs: 3_000 });
      await world.runUntil(() => log.length === 2, { withinMs: 45_000 });
      await world.run({ forMs: 10_000 });
      expect(log).toEqual(['met bob', 'bob crashed']);
      expect([...ada.peers.values()].map(nameOf).sort()).toEqual(['bob', 'eve']);
      expect(ada.peers.has(bob.id)).toBe(true);
    },
  );

  it('whose connection is cut stays a peer, and nothing is lost, doubled or reordered', async () => {
    const { world, ada, bob } = await three(ROUGH);
    const log: string[] = [];
    const heard: number[] = [];
    for (const mesh of [ada, bob]) {
      mesh.on('peer:lost', () => log.push(`${mesh.name} lost`));
      mesh.on('peer', () => log.push(`${mesh.name} met`));
    }
    const peer = ada.peers.get(bob.id) as Peer;
    for (const event of ['suspect', 'resume'] as const) peer.on(event, () => log.push(event));
    bob.peers.get(ada.id)?.on('message', (message) => heard.push(numberOf(message)));
    const pair = new Set(['ada', 'bob']);
    for (const number of upTo(300)) {
      peer.send(new Count({ number }));
      await world.run({ forMs: 10 });
      if (number !== 100 && number !== 200) continue;
      world.cutConnections(
        'both',
        ({ dialler, acceptor }) => pair.has(dialler) && pair.has(acceptor),
      );
    }
    await world.runUntil(() => heard.length === 300);
    await world.run({ forMs: 5_000 });
    expect(heard).toEqual(upTo(300));
    expect(log).toEqual(['suspect', 'resume', 'suspect', 'resume']);
    expect(ada.peers.get(bob.id)).toBe(peer);
  });

  it('whose connection is lost gets what was sent to it also when the mesh closes meanwhile', async () => {
    const { world, ada, bob } = await three();
    const heard: number[] = [];
    const ends: MessengerClose[] = [];
    const peer = ada.peers.get(bob.id) as Peer;
    peer.on('close', (end) => ends.push(end));
    bob.peers.get(ada.id)?.on('message', (message) => heard.push(numberOf(message)));
    world.cutConnections('both');
    for (const number of upTo(10)) peer.send(new Count({ number }));
    await world.runUntil(ada.close());
    expect(heard).toEqual(upTo(10));
    expect(ends).toMatchObject([{ code: 'closed', undelivered: 0 }]);
  });

  it('that slept is met again at once, whatever its monotonic clock did meanwhile', async () => {
    for (const monotonicClock of ['stops', 'runs'] as const) {
      for (const seed of [1, 2, 3]) {
        const { world, ada, bob } = await three(LAN, seed);
        hostOf(world, 'bob').sleep(120_000, { monotonicClock });
        await world.run({ forMs: 119_900 });
        expect(ada.peers.has(bob.id)).toBe(false);
        await world.run({ forMs: 100 });
        await world.runUntil(() => ada.peers.has(bob.id), { withinMs: 300 });
      }
    }
  });

  it('that leaves while there is no connection is lost at once', async () => {
    const { world, ada, bob } = await three();
    const ends: MessengerClose[] = [];
    ada.peers.get(bob.id)?.on('close', (end) => ends.push(end));
    const [at, bobs] = [hostOf(world, 'ada'), hostOf(world, 'bob')];
    for (const host of [at, bobs]) host.firewall({ dials: 'drop' });
    world.cutConnections('both');
    await world.run({ forMs: 1_000 });
    expect(ends).toEqual([]);
    await world.runUntil(bob.close({ flushTimeoutMs: 100 }));
    await world.run({ forMs: 100 });
    expect(ends).toMatchObject([{ code: 'lost', error: code('ERR_CONNECTION_LOST') }]);
    expect(ends[0]?.reason).toContain('the peer left');
  });

  it('whose address is replaced talks again within three seconds, and nothing is lost', async () => {
    for (const seed of [1, 2, 3]) {
      const { world, ada, bob } = await three(LAN, seed);
      const heard: number[] = [];
      bob.peers.get(ada.id)?.on('message', (message) => heard.push(numberOf(message)));
      hostOf(world, 'ada').readdress();
      for (const number of upTo(10)) ada.peers.get(bob.id)?.send(new Count({ number }));
      await world.runUntil(() => heard.length === 10, { withinMs: 3_000 });
      expect(heard).toEqual(upTo(10));
      const [address] = hostOf(world, 'ada').addresses;
      expect(bob.peers.get(ada.id)?.info.endpoint.host).toBe(address);
    }
  });

  it('that is out of reach for some seconds talks again within 1.5 s of its return, whatever TCP waits for', async () => {
    for (let awayMs = 3_200; awayMs < 6_000; awayMs += 200) {
      const { world, ada, bob } = await three(LAN, awayMs);
      const heard: number[] = [];
      const numbers: number[] = [];
      bob.peers.get(ada.id)?.on('message', (message) => heard.push(numberOf(message)));
      world.partition([hostOf(world, 'bob')], [hostOf(world, 'ada')], { forMs: awayMs });
      for (let passed = 0; passed < awayMs; passed += 200) {
        ada.peers.get(bob.id)?.send(new Count({ number: passed }));
        numbers.push(passed);
        await world.run({ forMs: 200 });
      }
      await world.runUntil(() => heard.length === numbers.length, { withinMs: 1_500 });
      expect(heard).toEqual(numbers);
    }
  });

  it('that is out of reach for a while talks again within three seconds of its return', async () => {
    for (const awayMs of [3_000, 7_000, 12_000, 25_000, 50_000]) {
      for (const seed of [1, 2, 3]) {
        const { world, ada, bob, eve } = await three(LAN, seed);
        const where = `seed ${seed}, away ${awayMs} ms`;
        world.partition([hostOf(world, 'bob')], [hostOf(world, 'ada'), hostOf(world, 'eve')]);
        await world.run({ forMs: awayMs });
        expect(bob.peers.size, where).toBe(awayMs < RESUME_WINDOW_MS ? 2 : 0);
        world.heal();
        await world.run({ forMs: 3_000 });
        expect([ada.peers.size, bob.peers.size, eve.peers.size], where).toEqual([2, 2, 2]);
        const flushed = [...bob.peers.values()].map((peer) => {
          peer.send(new Chat({ text: 'back' }));
          return peer.flush({ timeoutMs: 500 });
        });
        await world.runUntil(Promise.all(flushed));
      }
    }
  });
});

describe('The whole stack', () => {
  it('does the same again, line for line, for the same seed', async () => {
    const run = async (seed: number): Promise<readonly [hash: string, heard: string]> => {
      const { world, ada, bob, eve } = await three({ ...ROUGH, datagramDuplication: 0.2 }, seed);
      const heard: string[] = [];
      const reading = (async () => {
        for await (const { peer, message } of ada.messages())
          heard.push(`${nameOf(peer)} ${numberOf(message)}`);
      })();
      for (const number of upTo(50)) {
        bob.broadcast(new Count({ number }));
        eve.broadcast(new Count({ number }));
        await world.run({ forMs: world.choose(30) });
      }
      world.cutConnections();
      await world.run({ forMs: 4_000 });
      eve.setMetadata({ turn: seed });
      await world.run({ forMs: 2_000 });
      await world.runUntil(Promise.all([ada, bob, eve].map((mesh) => mesh.close())));
      await world.runUntil(reading);
      return [world.transcriptHash, heard.join()];
    };
    const [first, second, other] = [await run(7), await run(7), await run(8)];
    expect(second).toEqual(first);
    expect(other[0]).not.toBe(first[0]);
  });
});
