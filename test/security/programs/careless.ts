/**
 * A program that prints everything it is told, and itself, while all goes wrong that has to do with secrets, keys and
 * message content. Argument: the words that must not be seen, as JSON. Prints "over" at the end.
 */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { inspect } from 'node:util';
import { byteMessage, DirectClient, DirectServer, join, jsonMessage, Messenger } from 'cablecar';
import { encodeCatalog, FRAME, MessageRegistry } from '@cablecar/core-protocol';
import { freeUdpPort } from '../../compliance/free-udp-port.ts';
import { freeTcpPort } from '../../support/free-tcp-port.ts';
import { RawPeer } from '../../support/raw-peer.ts';
import type { Hidden } from '../hidden.ts';

class Chat extends jsonMessage('Chat')<{ text: string }> {}
class Stranger extends jsonMessage('Stranger')<{ text: string }> {}
class Blob extends byteMessage(0x21, { text: 'string', number: 'u8' }) {}

const hidden = JSON.parse(process.argv[2] ?? '{}') as Hidden;
const folder = mkdtempSync(joinPath(tmpdir(), 'cablecar-careless-'));
const identity = joinPath(folder, 'own.id');
const interfaces = 'loopback';
const timeoutMs = 1_500;

function show(what: string, value: unknown): void {
  console.log(what, inspect(value, { depth: 12, showHidden: true, maxStringLength: Infinity }));
  if (value instanceof Error) console.error(value.stack, JSON.stringify(value), String(value));
}

async function attempt(what: string, act: () => unknown): Promise<void> {
  try {
    show(what, await act());
  } catch (error) {
    show(what, error);
  }
}

const [udpPort, tcpPort, openPort] = [
  await freeUdpPort(),
  await freeTcpPort(),
  await freeTcpPort(),
];
const { secret } = hidden;
const ada = await join({
  messages: [Chat, Blob],
  udpPort,
  tcpPort,
  interfaces,
  secret,
  identity,
  trust: 'known',
});
const open = await join({
  messages: [Chat, Blob],
  udpPort: await freeUdpPort(),
  tcpPort: openPort,
  interfaces,
});
for (const mesh of [ada, open]) {
  mesh.on('warning', (error) => show('warning', error));
  mesh.on('peer', (peer) => {
    peer.on('warning', (error) => show('warning', error)).on('close', (end) => show('close', end));
    peer.on('message', () => {});
    show('peer', peer);
  });
}
show('key', readFileSync(identity, 'utf8').length);

const host = '127.0.0.1';
await attempt('another secret', () =>
  new DirectClient({ host, port: tcpPort, secret: hidden.otherSecret }).connect({ timeoutMs }),
);
await attempt('no secret', () => new DirectClient({ host, port: tcpPort }).connect({ timeoutMs }));
await attempt('in the clear', () =>
  new DirectClient({ host, port: tcpPort, security: 'none' }).connect({ timeoutMs }),
);
await attempt('a weak secret', () => join({ messages: [], secret: hidden.weakSecret }));
await attempt('no secret at all', () => join({ messages: [], secret: [secret] as never }));
await attempt('a secret that is taken for a name', () => new DirectServer({ port: 0, secret }));
const broken = joinPath(folder, 'broken.id');
writeFileSync(broken, hidden.key, { mode: 0o600 });
await attempt('a file that holds no key', () =>
  new DirectClient({ host, port: 1, identity: broken }).connect({ timeoutMs }),
);
chmodSync(identity, 0o644);
await attempt('a file that others may read', () =>
  new DirectClient({ host, port: 1, identity }).connect({ timeoutMs }),
);

const eve = await join({ messages: [Chat], udpPort, interfaces, secret: hidden.otherSecret });
eve.on('warning', (error) => show('warning', error));
const bob = await join({
  messages: [Chat, Stranger, Blob],
  udpPort,
  interfaces,
  secret,
  name: 'bob',
});
const toAda = await bob.firstPeer({ timeoutMs: 10_000 });
for (const message of [
  new Chat({ text: hidden.text }),
  new Stranger({ text: hidden.text }),
  new Chat({ text: hidden.text, more: Number.NaN } as never),
  new Chat({ text: hidden.text, more: new Map([[hidden.text, 1n]]) } as never),
  new Blob({ text: hidden.text, number: 256 }),
  new Chat({ text: hidden.text.repeat(100_000) }),
])
  await attempt('send', () => toAda.send(message));
await attempt('flush', () => toAda.flush({ timeoutMs: 5_000 }));
show('mesh', [ada, bob, eve]);

/** Somebody of whom everything is wrong but the key. */
async function hostile(words: (raw: RawPeer) => unknown): Promise<void> {
  const raw = await RawPeer.dial(openPort);
  await words(raw);
  raw.end();
  await raw.closed;
}
const text = Buffer.from(hidden.text);
const registry = new MessageRegistry([Chat, Blob]);
const frameTypes = registry.types.map(({ index }) => 16 + index);
await hostile((raw) => raw.write(`GET /${hidden.text} HTTP/1.1\r\n\r\n`));
await hostile((raw) => raw.writeFrame(FRAME.HELLO, text));
await hostile((raw) =>
  raw.writeFrame(FRAME.HELLO, Buffer.concat([Buffer.from('CCAR\x01\x01'), text])),
);
await hostile((raw) => raw.writeFrame(FRAME.PROOF, text));
await hostile(async (raw) => {
  await raw.open({}, { catalog: encodeCatalog(registry) });
  for (const type of frameTypes) {
    raw.writeFrame(type, text);
    raw.writeFrame(type, Buffer.from(`{"text":"${hidden.text}"`));
    raw.writeFrame(type, Buffer.from(`{"${hidden.text}":{"__proto__":"${hidden.text}"}}`));
  }
  raw.writeFrame(200, text);
  await new Promise((resolve) => setTimeout(resolve, 100));
  raw.writeFrame(FRAME.OPEN, text);
});
const server = new DirectServer({ port: await freeTcpPort(), interfaces, secret });
await attempt('nobody comes', () => server.connect({ timeoutMs: 50 }));
show('parts', [server, new DirectClient({ host, port: 1, secret }), toAda, Messenger]);
for (const mesh of [ada, bob, eve, open]) show('report', mesh.report());
await Promise.all([ada, bob, eve, open].map((mesh) => mesh.close()));
show('key', 'gone');
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ kind: 'over' }));
