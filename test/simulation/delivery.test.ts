import { byteMessage, join, type Mesh, type Messenger, type SendOptions } from 'cablecar';
import { World, type NetworkOptions, type SimHost } from '@cablecar/simulator';
import { describe, expect, it } from 'vitest';

class Count extends byteMessage(0x20, { number: 'u32' }) {}
class Place extends byteMessage(0x21, { ship: 'u8', x: 'u32' }) {}
class Blob extends byteMessage(0x22, { number: 'u32', bytes: 'bytes' }) {}

const messages = [Count, Place, Blob] as const;
type Known = Count | Place | Blob;

interface End {
  readonly host: SimHost;
  readonly mesh: Mesh<Known>;
  readonly peer: Messenger<Known>;
}

interface Talk {
  readonly world: World;
  readonly ada: End;
  readonly bob: End;
  /** What bob has heard, each as a word. */
  readonly heard: string[];
}

const word = (message: Known): string =>
  message instanceof Place
    ? `ship ${message.ship} at ${message.x}`
    : `${message instanceof Blob ? 'blob' : 'count'} ${message.number}`;

/** Two programs that have met, both past their handshakes and heartbeats. */
async function talk(network: NetworkOptions = {}, seed = 1): Promise<Talk> {
  const world = new World({ seed, network });
  const hosts = [world.host('ada'), world.host('bob')] as const;
  const joining = hosts.map(({ name, transport }) =>
    join({ service: 'delivery', name, transport, messages }),
  );
  const [one, other] = (await world.runUntil(Promise.all(joining))) as [Mesh<Known>, Mesh<Known>];
  const [bob, ada] = await world.runUntil(Promise.all([one.firstPeer(), other.firstPeer()]));
  const heard: string[] = [];
  ada.on('message', (message) => heard.push(word(message)));
  await world.run({ forMs: 500 });
  return {
    world,
    heard,
    ada: { host: hosts[0], mesh: one, peer: bob },
    bob: { host: hosts[1], mesh: other, peer: ada },
  };
}

const blob = (number: number, size: number): Blob =>
  new Blob({ number, bytes: Buffer.alloc(size, number) });
const place = (ship: number, x: number): Place => new Place({ ship, x });
const latest = (key: number): SendOptions => ({ delivery: 'latest', key });

describe('how messages are delivered', () => {
  it('lets small messages and heartbeats pass a large one on a slow line', async () => {
    const { world, ada, bob, heard } = await talk({ bytesPerMs: 125, windowBytes: 16_384 });
    const suspicions: string[] = [];
    for (const { peer } of [ada, bob]) peer.on('suspect', () => suspicions.push(peer.info.name));
    const begin = world.now;
    ada.peer.send(blob(1, 1_000_000)); // eight seconds of the line
    await world.run({ forMs: 1_000 });
    const arrivals: number[] = [];
    for (let x = 1; x <= 5; x++) {
      const sentAt = world.now;
      ada.peer.send(place(1, x), { delivery: 'latest' });
      await world.runUntil(() => heard.at(-1) === `ship 1 at ${x}`);
      arrivals.push(world.now - sentAt);
    }
    // One part is 65,540 bytes: 524 ms. Another 131 ms are in the socket's own buffer.
    expect(Math.max(...arrivals)).toBeLessThan(524 + 131 + 50);
    await world.runUntil(() => heard.at(-1) === 'blob 1');
    expect(world.now - begin).toBeLessThan(8_500);
    expect(suspicions).toEqual([]);
    expect(ada.peer.stats.lastMs).toBeLessThan(524 + 131 + 50);
  });

  it('keeps reliable messages in order, large ones among them', async () => {
    const { world, ada, heard } = await talk({ chunkBytes: [1, 9_000], delayMs: [0, 20] });
    const expected: string[] = [];
    for (let number = 0; number < 60; number++) {
      const message = number % 3 === 0 ? blob(number, number * 5_000) : new Count({ number });
      ada.peer.send(message);
      expected.push(word(message));
    }
    await world.runUntil(() => heard.length === 60);
    expect(heard).toEqual(expected);
  });

  it('goes on in the middle of a large message when its connection is lost', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { world, ada, heard } = await talk({ bytesPerMs: 500, windowBytes: 32_768 }, seed);
      let bytes = 0;
      world.observe((event) => {
        if (event.kind === 'chunk' && event.where === 'bob') bytes += event.bytes?.length ?? 0;
      });
      ada.peer.send(blob(1, 900_000));
      ada.peer.send(new Count({ number: 2 }));
      for (let cut = 0; cut < 4; cut++) {
        await world.run({ forMs: 300 });
        world.cutConnections((['both', 'dialler', 'acceptor'] as const)[(seed + cut) % 3]);
      }
      await world.runUntil(() => heard.length === 2);
      expect(heard, `seed ${seed}`).toEqual(['blob 1', 'count 2']);
      expect(bytes, `seed ${seed}`).toBeLessThan(900_000 + 5 * 70_000);
    }
  });

  it('sends, once a peer is back, the latest of each key, and nothing that was volatile or expired', async () => {
    const { world, ada, bob, heard } = await talk();
    world.partition([ada.host], [bob.host]);
    await world.run({ forMs: 8_000 });
    for (let x = 1; x <= 100; x++) {
      for (const ship of [1, 2]) ada.peer.send(place(ship, x), latest(ship));
      ada.peer.send(place(3, x), { delivery: 'volatile' });
      await world.run({ forMs: 10 });
    }
    ada.peer.send(new Count({ number: 1 }), { expiresInMs: 500 });
    ada.peer.send(new Count({ number: 2 }), { expiresInMs: 60_000 });
    ada.peer.send(new Count({ number: 3 }));
    expect(ada.peer.stats.messagesPending).toBe(5);
    await world.run({ forMs: 1_000 });
    world.heal();
    await world.runUntil(() => heard.length >= 4);
    await world.run({ forMs: 1_000 });
    expect(heard.toSorted()).toEqual(['count 2', 'count 3', 'ship 1 at 100', 'ship 2 at 100']);
    expect(ada.peer.stats).toMatchObject({ messagesDropped: 99 * 2 + 100 + 1, messagesPending: 0 });
  });

  it('counts as undelivered what was neither received nor dropped', async () => {
    const { world, ada, bob, heard } = await talk();
    const undelivered: number[] = [];
    ada.peer.on('close', (close) => undelivered.push(close.undelivered));
    world.partition([ada.host], [bob.host]);
    ada.peer.send(blob(1, 300_000));
    ada.peer.send(new Count({ number: 2 }));
    await world.run({ forMs: 8_000 });
    for (let x = 1; x <= 10; x++) ada.peer.send(place(1, x), latest(1));
    ada.peer.send(new Count({ number: 3 }), { expiresInMs: 1_000 });
    ada.peer.send(new Count({ number: 4 }), { delivery: 'volatile' });
    await world.run({ forMs: 60_000 });
    expect(undelivered).toEqual([3]);
    expect(heard).toEqual([]);
  });

  it('replaces a value that waits for a reader who is slow', async () => {
    const { world, ada, bob } = await talk();
    const reader = bob.peer;
    reader.removeAllListeners('message');
    const large = (number: number): Blob => blob(number, 60_000);
    for (let number = 0; number < 17; number++) ada.peer.send(large(number)); // the whole of the window
    await world.run({ forMs: 1_000 });
    for (let x = 1; x <= 50; x++) {
      ada.peer.send(new Blob({ number: x, bytes: Buffer.alloc(60_000) }), latest(1));
      await world.run({ forMs: 20 });
    }
    const got: string[] = [];
    for await (const message of (async function* () {
      const stream = reader.messages();
      for (;;) {
        const next = await world.runUntil(stream.next());
        if (next.done) return;
        yield next.value;
      }
    })()) {
      got.push(word(message));
      if (got.length === 18) break;
    }
    expect(got.at(-1)).toBe('blob 50');
    expect(ada.peer.stats.messagesDropped).toBe(49);
  });

  it('waits for what is the latest before it says goodbye', async () => {
    const { world, ada, heard } = await talk({ bytesPerMs: 125, windowBytes: 16_384 });
    ada.peer.send(blob(1, 100_000));
    ada.peer.send(place(1, 7), { delivery: 'latest' });
    await world.runUntil(ada.peer.close({ flushTimeoutMs: 10_000 }));
    expect(heard.toSorted()).toEqual(['blob 1', 'ship 1 at 7']);
  });

  it('tells when one message was received, or that it was not in time', async () => {
    const { world, ada, bob, heard } = await talk();
    await world.runUntil(ada.peer.sent(new Count({ number: 1 })));
    expect(heard).toEqual(['count 1']);
    world.partition([ada.host], [bob.host]);
    const late = ada.peer.sent(new Count({ number: 2 }), { timeoutMs: 200 });
    await expect(world.runUntil(late)).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    const abort = new AbortController();
    const aborted = ada.peer.sent(new Count({ number: 3 }), { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(world.runUntil(aborted)).rejects.toThrow('enough');
    await expect(ada.peer.sent(new Count({ number: -1 }))).rejects.toMatchObject({
      code: 'ERR_MESSAGE_ENCODE',
    });
    world.heal();
    await world.runUntil(() => heard.length === 3);
    expect(heard).toEqual(['count 1', 'count 2', 'count 3']);
    await world.runUntil(ada.peer.close());
    await expect(ada.peer.sent(new Count({ number: 4 }))).rejects.toMatchObject({
      code: 'ERR_CLOSED',
    });
  });

  it('refuses a delivery, a key or a time that makes no sense, and sends nothing', async () => {
    const { world, ada, heard } = await talk();
    const refused: readonly SendOptions[] = [
      { delivery: 'urgent' as never },
      { key: 1 },
      { delivery: 'volatile', key: 'a' },
      { delivery: 'latest', key: {} as never },
      { expiresInMs: 0 },
      { expiresInMs: Number.NaN },
    ];
    for (const options of refused) {
      expect(() => ada.peer.send(place(1, 1), options)).toThrow(
        expect.objectContaining({ code: 'ERR_OPTION' }),
      );
    }
    expect(ada.mesh.broadcast(place(1, 2), { delivery: 'latest' })).toBe(true);
    await world.runUntil(() => heard.length === 1);
    expect(heard).toEqual(['ship 1 at 2']);
  });
});
