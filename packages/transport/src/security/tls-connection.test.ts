import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  connect as connectPlain,
  createServer as createPlainServer,
  type AddressInfo,
  type Socket,
} from 'node:net';
import { connect, createServer, type ConnectionOptions, type SecureVersion } from 'node:tls';
import type { CableCarError, Connection } from '@cablecar/core-protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientHello } from '../../../../test/support/client-hello.ts';
import { ConnectionRecorder } from '../../../../test/compliance/recorders.ts';
import { nodeTransport } from '../node-transport.ts';

const transport = nodeTransport();
const cleanups: (() => unknown)[] = [];

/** What OpenSSL makes of a key of another kind: the certificate and the key, one after the other. */
const P256 = execFileSync(
  'openssl',
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout - -subj /CN=other'.split(
    ' ',
  ),
  { stdio: ['ignore', 'pipe', 'ignore'] },
);

let port: number;
/** The accepting end of the first connection. */
interface Accepted {
  readonly plain: Connection;
  readonly connection: Connection;
  readonly recorder: ConnectionRecorder;
}

let accepted: Promise<Accepted>;

beforeEach(async () => {
  let accept!: (ends: Accepted) => void;
  accepted = new Promise((resolve) => (accept = resolve));
  const listener = await transport.listen({
    port: 0,
    interfaces: 'loopback',
    onConnection: (plain) => {
      const recorder = new ConnectionRecorder();
      const connection = transport.identify().secure(plain, 'acceptor');
      connection.attach(recorder);
      accept({ plain, connection, recorder });
    },
  });
  ({ port } = listener);
  cleanups.push(() => listener.close());
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** How the accepting end finds whoever connects so. */
async function judged(options: ConnectionOptions): Promise<CableCarError | undefined> {
  const client = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  client.on('error', () => {}).resume();
  cleanups.push(() => client.destroy());
  const { recorder } = await accepted;
  await recorder.until(() => recorder.count('close') === 1);
  expect([recorder.secured, recorder.byteLength]).toEqual([undefined, 0]);
  return recorder.error;
}

describe('an accepting end takes nobody', () => {
  test('without a certificate (§3.5(2))', async () => {
    expect((await judged({ ALPNProtocols: ['cablecar/1'] }))?.code).toBe('ERR_IDENTITY');
  });

  test('with a key that is not Ed25519 (§3.5(2))', async () => {
    const error = await judged({ cert: P256, key: P256, ALPNProtocols: ['cablecar/1'] });
    expect(error?.code).toBe('ERR_IDENTITY');
  });

  test.each<SecureVersion>(['TLSv1.2', 'TLSv1.1'])('who speaks %s at best', async (maxVersion) => {
    const error = await judged({ maxVersion, minVersion: 'TLSv1' });
    expect(error?.code).toBe('ERR_HANDSHAKE');
  });

  test('who wants to speak of something else', async () => {
    expect((await judged({ ALPNProtocols: ['h2'] }))?.code).toBe('ERR_HANDSHAKE');
  });
});

test('an accepting end spends nothing on who is silent (§3.5(4)) (T5)', async () => {
  const client = connectPlain(port, '127.0.0.1');
  await once(client, 'connect');
  const { plain, recorder } = await accepted;
  const ended = once(client, 'end');
  client.resume();
  plain.destroy();
  await ended;
  expect(client.bytesRead).toBe(0);
  expect(recorder.secured).toBeUndefined();
});

test('an accepting end begins TLS with the whole first record, however it comes (T8)', async () => {
  const hello = await clientHello();
  const client = connectPlain(port, '127.0.0.1');
  cleanups.push(() => client.destroy());
  await once(client, 'connect');
  const seen: Buffer[] = [];
  client.on('data', (bytes: Buffer) => seen.push(bytes));
  for (const byte of hello.subarray(0, -1)) {
    client.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
  expect(seen).toEqual([]);
  client.write(hello.subarray(-1));
  await once(client, 'data');
  expect(seen[0]?.[0]).toBe(0x16);
});

test('a dialling end takes nobody with a key that is not Ed25519 (§3.5(2))', async () => {
  const server = createServer({ cert: P256, key: P256, ALPNProtocols: ['cablecar/1'] });
  server.on('tlsClientError', () => {}).listen(0, '127.0.0.1');
  cleanups.push(() => server.close());
  await once(server, 'listening');
  const to = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const recorder = new ConnectionRecorder();
  transport
    .identify()
    .secure(await transport.dial(to), 'dialler')
    .attach(recorder);
  await recorder.until(() => recorder.count('close') === 1);
  expect([recorder.secured, recorder.error?.code]).toEqual([undefined, 'ERR_IDENTITY']);
});

test('two connections of the same two have nothing in common that could be replayed (T15)', async () => {
  const identity = transport.identify();
  const bindings: string[] = [];
  for (let n = 0; n < 2; n++) {
    const recorder = new ConnectionRecorder();
    const dialled = await transport.dial({ host: '127.0.0.1', port });
    identity.secure(dialled, 'dialler').attach(recorder);
    await recorder.until(() => recorder.secured !== undefined);
    for (const binding of recorder.secured!.bindings)
      bindings.push(Buffer.from(binding).toString('hex'));
    dialled.destroy();
  }
  expect(bindings.map(({ length }) => length / 2)).toEqual([120, 88, 120, 88]);
  expect(new Set(bindings).size).toBe(4);
});

test.each(['acceptor', 'dialler'] as const)(
  'a bit changed on the way to the %s ends the connection, and nothing of it is delivered',
  async (victim) => {
    let isTampering = false;
    const pass = (from: Socket, to: Socket, isWatched: boolean): void => {
      from.on('error', () => {}).on('close', () => to.destroy());
      from.on('data', (bytes: Buffer) => {
        if (isTampering && isWatched) bytes[bytes.length - 1]! ^= 1;
        to.write(bytes);
      });
    };
    const proxy = createPlainServer((near) => {
      const far = connectPlain(port, '127.0.0.1');
      pass(near, far, victim === 'acceptor');
      pass(far, near, victim === 'dialler');
    }).listen(0, '127.0.0.1');
    cleanups.push(() => proxy.close());
    await once(proxy, 'listening');
    const to = { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port };
    const dialled = transport.identify().secure(await transport.dial(to), 'dialler');
    const dialledEnd = new ConnectionRecorder();
    dialled.attach(dialledEnd);
    const { connection, recorder: acceptedEnd } = await accepted;
    const all = { dialler: dialledEnd, acceptor: acceptedEnd };
    const [reads, writer] = [all[victim], victim === 'acceptor' ? dialled : connection];
    await acceptedEnd.until(() => acceptedEnd.secured !== undefined);
    writer.write([Buffer.from('whole')]);
    await reads.until(() => reads.text === 'whole');
    isTampering = true;
    writer.write([Buffer.from('changed')]);
    await reads.until(() => reads.count('close') === 1);
    expect([reads.text, reads.error?.code]).toEqual(['whole', 'ERR_CONNECTION_LOST']);
    dialled.destroy();
  },
);
