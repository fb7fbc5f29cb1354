import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  ByteWriter,
  ClassicByteDecoder,
  ClassicJsonDecoder,
  jsonMessage,
  readClassicLine,
  writeClassicFrame,
  writeClassicLine,
} from '@cablecar/core-protocol';
import { Messenger } from '@cablecar/messenger';
import { afterEach, describe, expect, it } from 'vitest';
import { pythonEnvironment } from './environment.ts';
import { PythonPeer } from './python-peer.ts';

class Chat extends jsonMessage('Chat')<Record<string, unknown>> {}

const python = await pythonEnvironment();
const COUNT = 300;

let server: Server;
afterEach(() => server.close());

async function connected(...args: string[]): Promise<[PythonPeer, Socket]> {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const peer = new PythonPeer({
    python: python ?? '',
    args: ['client', '--tcp-port', String(port), '--quiet', ...args],
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  return [peer, socket];
}

/** The checksum that peer.py makes of the numbers it receives. */
function checksumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => Number((BigInt(sum) * 31n + BigInt(n)) % 2n ** 32n), 0);
}

const numbers = Array.from({ length: COUNT }, (_, n) => n);

describe.skipIf(python === undefined)('a messenger of the Python library', () => {
  it('exchanges JSON messages, whole and in order', async () => {
    const [started, socket] = await connected('--send', String(COUNT), '--expect', String(COUNT));
    await using peer = started;
    const writer = new ByteWriter(1 << 20); // room for all, so that nothing moves
    for (const n of numbers) writeClassicLine(writer, 'Count', { n, text: 'Grüße 😀' });
    socket.write(writer.bytes.subarray(0, writer.length));

    const decoder = new ClassicJsonDecoder(1 << 20);
    const seen: unknown[] = [];
    for await (const chunk of socket) {
      decoder.push(chunk as Buffer);
      while (decoder.next()) {
        const { name, attributes } = readClassicLine(decoder.bytes, decoder.start, decoder.end);
        expect(name).toBe('Count');
        seen.push(attributes['n']);
      }
    }
    expect(seen).toEqual(numbers);
    const { received, checksum } = await peer.waitFor('end');
    expect([received, checksum]).toEqual([COUNT, checksumOf(numbers)]);
  });

  it('exchanges byte messages, whole and in order', async () => {
    const args = ['--wire', 'byte', '--send', String(COUNT), '--expect', String(COUNT)];
    const [started, socket] = await connected(...args, '--size', '200', '--goodbye');
    await using peer = started;
    const writer = new ByteWriter(1 << 20); // room for all, so that nothing moves
    for (const n of numbers) {
      const payload = Buffer.alloc(4 + (n % 250));
      payload.writeUInt32BE(n);
      writeClassicFrame(writer, 0x20, payload);
    }
    socket.write(writer.bytes.subarray(0, writer.length));

    const decoder = new ClassicByteDecoder();
    const seen: number[] = [];
    const codes: number[] = [];
    for await (const chunk of socket) {
      decoder.push(chunk as Buffer);
      while (decoder.next()) {
        codes.push(decoder.type);
        if (decoder.type === 0x20) seen.push(decoder.bytes.readUInt32BE(decoder.start));
      }
    }
    expect(seen).toEqual(numbers);
    expect(codes.at(-1)).toBe(4); // MsgQuit
    const { received, checksum } = await peer.waitFor('end');
    expect([received, checksum]).toEqual([COUNT, checksumOf(numbers)]);
  });

  it('gives back every value that Python has, as it was', async () => {
    const [started, socket] = await connected('--echo');
    await using peer = started;
    const messenger = new Messenger(socket, { wire: 'classic-json', messages: [Chat] });
    const numbers = [
      NaN,
      Infinity,
      -Infinity,
      -0,
      0.1,
      1e-7,
      1e300,
      2 ** 53,
      2n ** 64n,
      -(10n ** 400n),
    ];
    let deep: unknown = 'deep';
    for (let level = 0; level < 400; level++) deep = [deep];
    const chat = new Chat({ numbers, text: 'né\ud800\u2028\0', empty: {}, deep, nothing: null });
    messenger.send(chat);
    for await (const message of messenger) {
      expect(message).toStrictEqual(chat);
      break;
    }
    await peer.stop();
    await messenger.close();
  });
});
