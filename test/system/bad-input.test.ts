/**
 * Everything that can be wrong, locally, on the network and in the system: each has its code and its sentence, and two
 * healthy peers beside it exchange numbered messages all the while and notice nothing.
 */
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import {
  byteMessage,
  CableCarError,
  DirectClient,
  DirectServer,
  ERROR_CODES,
  join,
  jsonMessage,
  type ErrorCode,
  type JoinOptions,
  type Mesh,
  type Message,
  type Messenger,
  type MessengerClose,
} from 'cablecar';
import {
  ByteWriter,
  decodeRejection,
  encodeBeacon,
  encodeCatalog,
  encodeGreeting,
  FRAME,
  MessageRegistry,
  serviceHash,
} from '@cablecar/core-protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freeUdpPort } from '../compliance/free-udp-port.ts';
import { freeTcpPort } from '../support/free-tcp-port.ts';
import { RawPeer } from '../support/raw-peer.ts';

class Count extends byteMessage(0x20, { number: 'u32' }) {}
class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Stranger extends jsonMessage('Stranger')<{ words: string[] }> {}
class OtherChat extends jsonMessage('Chat')<{ text: string }> {}

const messages = [Count, Chat] as const;
type Known = Count | Chat;

/** Small enough that a test sees each limit reached, large enough for a machine that is busy. */
const OPTIONS = {
  messages,
  interfaces: 'loopback',
  handshakeTimeoutMs: 500,
  heartbeatIntervalMs: 500,
  suspectAfterMs: 1_500,
  silenceTimeoutMs: 2_000,
  resumeWindowMs: 500,
  maxMessageBytes: 65_536,
} as const satisfies JoinOptions;

const EVERY_MS = 5;
const PATIENCE = { timeout: 15_000, interval: 5 };

let udpPort = 0;
let tcpPort = 0;
let ada: Mesh<Known>;
let bob: Mesh<Known>;
let beat: NodeJS.Timeout;
const troubles: string[] = [];
let sent = 0;
let heard = 0;
/** What ada was warned of in this test. */
let warnings: CableCarError[] = [];
/** What is to be closed after this test. */
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  udpPort = await freeUdpPort();
  tcpPort = await freeTcpPort();
  ada = await join({ ...OPTIONS, udpPort, tcpPort, name: 'ada' });
  bob = await join({ ...OPTIONS, udpPort, name: 'bob' });
  ada.on('warning', (error) => warnings.push(error));
  const [bobAtAda, adaAtBob] = await Promise.all([ada.firstPeer(), bob.firstPeer()]);
  for (const peer of [bobAtAda, adaAtBob]) {
    for (const event of ['suspect', 'close'] as const) {
      peer.on(event, () => troubles.push(`${event} of ${peer.info.name}`));
    }
    peer.on('warning', (error) => troubles.push(error.message));
  }
  adaAtBob.on('message', (message) => {
    if (!(message instanceof Count) || message.number !== heard) troubles.push(`after ${heard}`);
    heard++;
  });
  beat = setInterval(() => bobAtAda.send(new Count({ number: sent++ })), EVERY_MS);
});

afterEach(async () => {
  for (const it of open.splice(0)) await it.close();
  await expectHealth();
  warnings = [];
});

afterAll(async () => {
  clearInterval(beat);
  await Promise.all([ada.close(), bob.close()]);
});

/** The healthy pair has noticed nothing and goes on. */
async function expectHealth(): Promise<void> {
  const target = sent + 2;
  await vi.waitUntil(() => heard >= target, PATIENCE);
  expect(troubles).toEqual([]);
  expect([ada.peers.has(bob.id), bob.peers.has(ada.id)]).toEqual([true, true]);
}

/** An error as every error is: of its code and origin, and in one sentence that says what was expected. */
function isError(code: ErrorCode, ...fragments: readonly (string | RegExp)[]): Error {
  return expect.toSatisfy(
    (error: unknown) => {
      if (!CableCarError.is(error, code) || error.origin !== ERROR_CODES[code].origin) return false;
      const isSentence =
        error.message.startsWith(`[${code}] `) && /, expected /.test(error.message);
      return isSentence && fragments.every((part) => error.message.match(part) !== null);
    },
    `a ${code} with ${fragments.join(' and ')}`,
  );
}

function settled(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((thrown: unknown) => thrown);
}

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (thrown) {
    return thrown;
  }
}

async function warned(code: ErrorCode): Promise<CableCarError> {
  await vi.waitUntil(() => warnings.some((warning) => warning.code === code), PATIENCE);
  return warnings.find((warning) => warning.code === code) as CableCarError;
}

/** A stranger that speaks the wire by hand, with the messenger that ada has of it and how that ends. */
async function rawPeer(
  catalog?: Uint8Array,
): Promise<{ raw: RawPeer; peer: Messenger<Known>; end: Promise<MessengerClose> }> {
  const raw = await RawPeer.dial(tcpPort);
  open.push({ close: () => raw.destroy() });
  const coming = new Promise<Messenger<Known>>((resolve) => ada.once('peer', resolve));
  await raw.open({}, catalog ? { catalog } : {});
  const peer = await coming;
  return { raw, peer, end: new Promise((resolve) => peer.once('close', resolve)) };
}

describe('The system', () => {
  it('has the TCP port in use', async () => {
    const error = await settled(join({ ...OPTIONS, udpPort, tcpPort }));
    expect(error).toEqual(isError('ERR_PORT_IN_USE', String(tcpPort), 'a free port'));
    const served = new DirectServer({ port: tcpPort, interfaces: 'loopback' }).connect();
    expect(await settled(served)).toEqual(isError('ERR_PORT_IN_USE', String(tcpPort)));
  });

  it('has the UDP port in use by a program that does not share it', async () => {
    const port = await freeUdpPort();
    const socket = createSocket('udp4').bind(port, '0.0.0.0');
    open.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
    await once(socket, 'listening');
    const error = await settled(join({ ...OPTIONS, udpPort: port }));
    expect(error).toEqual(isError('ERR_PORT_IN_USE', String(port), 'a free port'));
  });

  it('does not know a host', async () => {
    const client = new DirectClient({ host: 'no such host', port: 1 });
    const error = await settled(client.connect({ timeoutMs: 300 }));
    expect(error).toEqual(isError('ERR_TIMEOUT', 'no such host:1', '300 ms'));
    expect((error as CableCarError).cause).toEqual(isError('ERR_HOST_UNKNOWN', 'no such host:1'));
  });

  it('refuses a connection', async () => {
    const port = await freeTcpPort();
    const client = new DirectClient({ host: '127.0.0.1', port });
    const error = await settled(client.connect({ timeoutMs: 300 }));
    expect(error).toEqual(isError('ERR_TIMEOUT', `127.0.0.1:${port}`));
    expect((error as CableCarError).cause).toEqual(isError('ERR_CONNECTION_REFUSED', `:${port}`));
  });
});

describe('Waiting', () => {
  it('has an end', async () => {
    const port = await freeTcpPort();
    const server = new DirectServer({ port, interfaces: 'loopback' });
    expect(await settled(server.connect({ timeoutMs: 50 }))).toEqual(
      isError('ERR_TIMEOUT', `port ${port}`, 'within 50 ms'),
    );
    const alone = await join({ ...OPTIONS, udpPort, service: 'alone' });
    open.push(alone);
    expect(await settled(alone.firstPeer({ timeoutMs: 50 }))).toEqual(
      isError('ERR_TIMEOUT', 'meeting a peer', 'within 50 ms'),
    );
  });

  it('ends with the reason of an abort, and leaves nothing open', async () => {
    const port = await freeTcpPort();
    const reason = new Error('enough');
    const abort = new AbortController();
    const { signal } = abort;
    const alone = await join({ ...OPTIONS, udpPort, service: 'alone' });
    open.push(alone);
    const waiting = [
      new DirectServer({ port, interfaces: 'loopback' }).connect({ signal }),
      new DirectClient({ host: '127.0.0.1', port: await freeTcpPort() }).connect({ signal }),
      alone.firstPeer({ signal }),
      alone.messages({ signal }).next(),
    ].map(settled);
    abort.abort(reason);
    expect(await Promise.all(waiting)).toEqual([reason, reason, reason, reason]);
    await vi.waitUntil(() => freeAgain(port), PATIENCE);
  });
});

/** Whether nobody listens on a port. */
function freeAgain(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

describe('An option that cannot be', () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    ['service', { service: '' }, '', '1 to 255'],
    ['name', { name: 'a\u0000b' }, 'a', '1 to 64'],
    ['metadata', { metadata: { essay: 'x'.repeat(999) } }, 'bytes', '512'],
    ['metadata', { metadata: { self: 1n } }, '1', 'JSON'],
    ['udpPort', { udpPort: 80 }, '80', '1024 to 65535'],
    ['udpPort', { udpPort: '18222' }, '18222', 'a whole number'],
    ['tcpPort', { tcpPort: 70_000 }, '70000', '65535'],
    ['interfaces', { interfaces: 'some' }, 'some', 'loopback'],
    ['interfaces', { interfaces: [] }, '', 'names'],
    ['once', { once: 1 }, '1', 'true or false'],
    ['timeoutMs', { timeoutMs: 0 }, '0', 'above 0'],
    ['announceIntervalMs', { announceIntervalMs: 1 }, '1', '100 to 60000'],
    ['headStartMs', { headStartMs: -1 }, '-1', '0 to 5000'],
    ['maxPeers', { maxPeers: 0 }, '0', '1 to 16384'],
    ['handshakeTimeoutMs', { handshakeTimeoutMs: Number.NaN }, 'NaN', '100 to 60000'],
    ['wire', { wire: 'morse' }, 'morse', 'native'],
    ['maxMessageBytes', { maxMessageBytes: 12 }, '12', '1024 to 268435455'],
    ['inboxMessages', { inboxMessages: 1.5 }, '1.5', '16 to 1048576'],
    ['inboxBytes', { inboxBytes: 1 }, '1', '1024 to'],
    ['outboxBytes', { outboxBytes: 1 }, '1', '1024 to'],
    ['outboxLimitBytes', { outboxLimitBytes: 1 }, '1', '1024 to'],
    ['heartbeatIntervalMs', { heartbeatIntervalMs: 0 }, '0', '10 to 60000'],
    ['suspectAfterMs', { suspectAfterMs: 0 }, '0', '20 to'],
    ['silenceTimeoutMs', { silenceTimeoutMs: 600 }, '600', 'at least twice'],
    ['resumeWindowMs', { resumeWindowMs: -1 }, '-1', '0 to'],
    ['flushTimeoutMs', { flushTimeoutMs: 0 }, '0', '1 to 600000'],
  ])('%s is named with its value and range', async (field, wrong, value, range) => {
    const error = await settled(join({ ...OPTIONS, udpPort, ...wrong }));
    expect(error).toEqual(isError('ERR_OPTION', field, value, range));
  });

  it('is named for the parts as well', async () => {
    expect(thrownBy(() => new DirectServer({ port: 0 }))).toEqual(
      isError('ERR_OPTION', 'port', '0', '1 to 65535'),
    );
    expect(thrownBy(() => new DirectClient({ host: '', port: 1 }))).toEqual(
      isError('ERR_OPTION', 'host'),
    );
    const waiting = ada.firstPeer({ timeoutMs: Number.NaN });
    expect(await settled(waiting)).toEqual(isError('ERR_OPTION', 'timeoutMs', 'NaN', 'above 0'));
  });
});

describe('A message that cannot travel', () => {
  const peerOfAda = (): Messenger<Known> => ada.peers.get(bob.id) as Messenger<Known>;
  const send = (message: object): unknown => thrownBy(() => peerOfAda().send(message as Known));

  it('is of a class that is not registered', () => {
    expect(send(new Stranger({ words: [] }))).toEqual(
      isError('ERR_MESSAGE_UNREGISTERED', 'Stranger', 'messages'),
    );
    expect(send(new OtherChat({ text: '' }))).toEqual(isError('ERR_MESSAGE_UNREGISTERED', 'Chat'));
    expect(send({ number: 1 })).toEqual(isError('ERR_MESSAGE_UNREGISTERED'));
  });

  it('is larger than a frame', () => {
    const error = send(new Chat({ text: 'x'.repeat(65_536) }));
    expect(error).toEqual(isError('ERR_MESSAGE_TOO_LARGE', 'Chat', '65536'));
  });

  it('has a value that would be changed', () => {
    const error = send(new Count({ number: 2 ** 32 }));
    expect(error).toEqual(isError('ERR_MESSAGE_ENCODE', 'number', '4294967296'));
    expect(send(new Chat({ text: Number.NaN as never }))).toEqual(
      isError('ERR_MESSAGE_ENCODE', 'text'),
    );
  });
});

describe('A peer', () => {
  it('that sends a type which is unknown here is warned of by name, and all else arrives', async () => {
    const eve = await join({ ...OPTIONS, messages: [Chat, Stranger], udpPort, name: 'eve' });
    open.push(eve);
    const coming = new Promise<Messenger<Known>>((resolve) => ada.once('peer', resolve));
    const [peer, ofEve] = await Promise.all([coming, meet(eve, ada.id)]);
    const texts: string[] = [];
    peer.on('message', (message) => texts.push(message instanceof Chat ? message.text : '?'));
    ofEve.send(new Stranger({ words: ['?'] }));
    ofEve.send(new Chat({ text: 'known' }));
    await vi.waitUntil(() => texts.length === 1, PATIENCE);
    expect(texts).toEqual(['known']);
    expect(peer.stats.messagesSkipped).toBe(1);
    const unknown = warnings.filter(({ code }) => code === 'ERR_MESSAGE_UNKNOWN');
    expect(unknown).toContainEqual(isError('ERR_MESSAGE_UNKNOWN', 'Stranger', 'registered here'));
    expect(unknown).toContainEqual(isError('ERR_MESSAGE_UNKNOWN', '0x20', 'does not know'));
  });

  it('that defines a type otherwise is warned of by name', async () => {
    class WideCount extends byteMessage(0x20, { number: 'f64' }) {}
    const eve = await join({ ...OPTIONS, messages: [WideCount], udpPort, name: 'eve' });
    open.push(eve);
    const coming = new Promise<Messenger<Known>>((resolve) => ada.once('peer', resolve));
    const [peer, ofEve] = await Promise.all([coming, meet(eve, ada.id)]);
    ofEve.send(new WideCount({ number: 0.5 }));
    await vi.waitUntil(() => peer.stats.messagesReceived === 1, PATIENCE);
    await vi.waitUntil(() => warnings.length > 0, PATIENCE);
    expect(warnings).toContainEqual(isError('ERR_MESSAGE_MISMATCH', '0x20', 'same definition'));
  });

  it('whose message does not decode is warned of, and the next one arrives', async () => {
    const { raw, peer } = await rawPeer(encodeCatalog(new MessageRegistry(messages)));
    const heardHere: Known[] = [];
    peer.on('message', (message) => heardHere.push(message));
    const types = new MessageRegistry(messages).types;
    const [count, chat] = [Count, Chat].map((type) => {
      const found = types.find((it) => (it.code ?? it.name) === (type === Count ? 0x20 : 'Chat'));
      return 16 + (found?.index ?? 0);
    }) as [number, number];
    raw.writeFrame(chat, Buffer.from('{"text":'));
    raw.writeFrame(count, Buffer.from([1, 2]));
    raw.writeFrame(count, Buffer.from([0, 0, 0, 7]));
    await vi.waitUntil(() => heardHere.length === 1, PATIENCE);
    expect(heardHere).toEqual([new Count({ number: 7 })]);
    expect(peer.stats.messagesSkipped).toBe(2);
    expect(warnings).toContainEqual(isError('ERR_MESSAGE_DECODE', 'Chat'));
    expect(warnings).toContainEqual(isError('ERR_MESSAGE_DECODE', '0x20'));
  });

  it('that announces a frame beyond the limit is closed before it is sent (T7)', async () => {
    const { raw, end } = await rawPeer();
    const header = new ByteWriter();
    header.varint(65_537);
    header.varint(16);
    raw.write(header.copyItem());
    expect(await end).toMatchObject({
      code: 'fault',
      error: isError('ERR_FRAME_TOO_LARGE', '65536'),
    });
    expect((await raw.next(FRAME.CLOSE)).toString()).toContain('ERR_FRAME_TOO_LARGE');
  });

  it('that sends what is no frame is closed and told why', async () => {
    const { raw, end } = await rawPeer();
    raw.write(Buffer.from([0, 0, 0, 0]));
    expect(await end).toMatchObject({ code: 'fault', error: isError('ERR_FRAME') });
    expect((await raw.next(FRAME.CLOSE)).toString()).toContain('ERR_FRAME');
  });

  it('that sends a frame out of order is closed and told why', async () => {
    const { raw, end } = await rawPeer();
    raw.writeFrame(FRAME.HELLO);
    expect(await end).toMatchObject({ code: 'fault', error: isError('ERR_FRAME', 'type 1') });
  });

  it('that sends beyond its credit is closed and told why (T21)', async () => {
    const { raw, peer, end } = await rawPeer(encodeCatalog(new MessageRegistry([])));
    void peer;
    const writer = new ByteWriter();
    for (let count = 0; count < 20_000; count++) writer.raw(Buffer.from([1, 16]));
    raw.write(writer.copyItem());
    expect(await end).toMatchObject({ code: 'fault', error: isError('ERR_FLOW') });
  });

  it('that reports a fault of ours is gone with its words', async () => {
    const { raw, end } = await rawPeer();
    const writer = new ByteWriter();
    writer.u8(1);
    writer.utf8('what was that?');
    raw.writeFrame(FRAME.CLOSE, writer.copyItem());
    expect(await end).toMatchObject({
      code: 'fault',
      error: isError('ERR_PEER_FAULT', 'what was that\\?'),
    });
  });

  it('that breaks off is lost once nobody finds it again', async () => {
    const { raw, end } = await rawPeer();
    raw.destroy();
    expect(await end).toMatchObject({ code: 'lost', error: isError('ERR_CONNECTION_LOST') });
  });

  it('that falls silent is lost', async () => {
    const { peer, end } = await rawPeer();
    const suspected = new Promise<void>((resolve) => peer.once('suspect', resolve));
    await suspected;
    expect(await end).toMatchObject({ code: 'lost', error: isError('ERR_CONNECTION_LOST') });
  }, 30_000);
});

describe('A stranger', () => {
  it('of another service is turned away, and both are told', async () => {
    const client = new DirectClient({ host: '127.0.0.1', port: tcpPort, service: 'other' });
    expect(await settled(client.connect({ timeoutMs: 5_000 }))).toEqual(
      isError('ERR_SERVICE_MISMATCH', 'default'),
    );
    expect(await warned('ERR_SERVICE_MISMATCH')).toEqual(
      isError('ERR_SERVICE_MISMATCH', 'other', 'default'),
    );
    const elsewhere = await join({ ...OPTIONS, udpPort, service: 'elsewhere' });
    open.push(elsewhere);
    expect(await settled(elsewhere.firstPeer({ timeoutMs: 300 }))).toEqual(isError('ERR_TIMEOUT'));
  });

  it('of another version is turned away and told so', async () => {
    const raw = await RawPeer.dial(tcpPort);
    open.push({ close: () => raw.destroy() });
    const hello = encodeGreeting({
      service: 'default',
      id: '11'.repeat(16),
      epoch: '22'.repeat(8),
      name: 'later',
      metadata: {},
      round: 0,
      link: 0,
    });
    hello[4] = hello[5] = 9;
    raw.writeFrame(FRAME.HELLO, hello);
    expect(decodeRejection(await raw.next(FRAME.REJECT)).code).toBe('ERR_VERSION_MISMATCH');
    expect(await warned('ERR_VERSION_MISMATCH')).toEqual(
      isError('ERR_VERSION_MISMATCH', '9 to 9', 'expected 1'),
    );
    await raw.closed;
  });

  it('that claims an id without its key is turned away', async () => {
    const raw = await RawPeer.dial(tcpPort);
    open.push({ close: () => raw.destroy() });
    raw.hello({ id: ada.id });
    expect(decodeRejection(await raw.next(FRAME.REJECT)).code).toBe('ERR_IDENTITY');
    expect(await warned('ERR_IDENTITY')).toEqual(isError('ERR_IDENTITY', raw.id, ada.id));
  });

  it('that speaks another protocol is hung up on', async () => {
    const raw = await RawPeer.dial(tcpPort);
    raw.write(`GET / HTTP/1.1\r\nHost: ada\r\nUser-Agent: ${'x'.repeat(100)}\r\n\r\n`);
    await raw.closed;
    expect(await warned('ERR_HANDSHAKE')).toEqual(isError('ERR_HANDSHAKE', '127.0.0.1'));
  });

  it('that leaves in the middle of a handshake is a warning', async () => {
    const raw = await RawPeer.dial(tcpPort);
    raw.write(Buffer.from([40, FRAME.HELLO, 0x43, 0x43]));
    raw.end();
    expect(await warned('ERR_HANDSHAKE')).toEqual(isError('ERR_HANDSHAKE', 'to complete'));
  });

  it('whose greeting is malformed is hung up on', async () => {
    const raw = await RawPeer.dial(tcpPort);
    raw.writeFrame(FRAME.HELLO, Buffer.from('CCAR\u0001\u0001nothing more'));
    await raw.closed;
    expect(await warned('ERR_HANDSHAKE')).toEqual(isError('ERR_HANDSHAKE', 'greeting'));
  });

  it('that is silent is hung up on in time', async () => {
    const raw = await RawPeer.dial(tcpPort);
    await raw.closed;
    expect(await warned('ERR_HANDSHAKE_TIMEOUT')).toEqual(
      isError('ERR_HANDSHAKE_TIMEOUT', '127.0.0.1'),
    );
  });

  it('that answers HELLO with silence is hung up on in time', async () => {
    const raw = await RawPeer.dial(tcpPort);
    raw.hello();
    await raw.next(FRAME.WELCOME);
    await raw.closed;
    expect(await warned('ERR_HANDSHAKE_TIMEOUT')).toEqual(isError('ERR_HANDSHAKE_TIMEOUT'));
  });

  it('that comes with a hundred silent connections keeps nobody out', async () => {
    const crowd = Array.from({ length: 100 }, () => connect(tcpPort, '127.0.0.1'));
    const closed = crowd.map(async (socket) => {
      socket.on('error', () => {}); // it may be reset
      await once(socket, 'close');
    });
    const eve = await join({ ...OPTIONS, udpPort, name: 'eve' });
    open.push(eve);
    await meet(eve, ada.id);
    await Promise.all(closed);
    expect(await warned('ERR_LIMIT')).toEqual(isError('ERR_LIMIT', '127.0.0.1'));
  });

  it('that floods the discovery port with foreign and forged datagrams changes nothing (T4)', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    open.push({ close: () => new Promise<void>((resolve) => socket.close(() => resolve())) });
    await once(socket, 'listening');
    const { port } = socket.address();
    const beacon = (serviceName: string, id: string): Buffer =>
      encodeBeacon({
        kind: 'announce',
        serviceHash: serviceHash(serviceName),
        id,
        epoch: '00'.repeat(8),
        port,
        name: 'forged',
        metadata: {},
      });
    const good = beacon('default', 'ab'.repeat(16));
    const otherVersion = Buffer.from(good);
    otherVersion[4] = 9;
    const datagrams = [
      Buffer.alloc(0),
      Buffer.from('BROADCAST'),
      Buffer.alloc(1_400, 0x43),
      otherVersion,
      good.subarray(0, 41),
      Buffer.concat([good, Buffer.from([0])]),
      beacon('another service', 'cd'.repeat(16)),
      beacon('default', ada.id),
    ];
    for (let length = 1; length < good.length; length += 3)
      datagrams.push(good.subarray(0, length));
    for (let round = 0; round < 20; round++) {
      for (const datagram of datagrams) socket.send(datagram, udpPort, '127.0.0.1');
      await new Promise(setImmediate);
    }
    const eve = await join({ ...OPTIONS, udpPort, name: 'eve' });
    open.push(eve);
    await meet(eve, ada.id);
    expect(warnings.filter(({ code }) => code !== 'ERR_BEACON')).toEqual([]);
  });
});

/** The peer of that id, once it is there. */
async function meet<M extends Message>(mesh: Mesh<M>, id: string): Promise<Messenger<M>> {
  await vi.waitUntil(() => mesh.peers.has(id), PATIENCE);
  return mesh.peers.get(id) as Messenger<M>;
}
