import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ConnectionRecorder } from '../../../test/compliance/recorders.ts';
import { streamConnection } from './stream-connection.ts';

describe('a connection over a socket', () => {
  test('does not ask to wait when the system took a large write at once', async () => {
    const { near, far } = await sockets();
    far.resume();
    const connection = streamConnection(near);
    const recorder = new ConnectionRecorder();
    connection.attach(recorder);
    expect(connection.write([Buffer.alloc(1), Buffer.alloc(100_000)])).toBe(true);
    expect(connection.bufferedBytes).toBe(0);
    await new Promise(setImmediate);
    expect(recorder.count('drain')).toBe(0);
  });

  test('is asked for a sign of life as often as it was set to', async () => {
    const { near } = await sockets();
    const asked = vi.spyOn(near, 'setKeepAlive');
    streamConnection(near);
    streamConnection(near, { keepAliveMs: 5_000 });
    expect(asked.mock.calls).toEqual([
      [true, 30_000],
      [true, 5_000],
    ]);
  });

  test('stays half open though the socket was made not to', async () => {
    const { near, far } = await sockets();
    const connection = streamConnection(near);
    const recorder = new ConnectionRecorder();
    connection.attach(recorder);
    far.end();
    await recorder.until(() => recorder.count('end') === 1);
    far.resume();
    const finished = once(far, 'end');
    connection.write([Buffer.from('still here')]);
    connection.end();
    await finished;
    expect(far.bytesRead).toBe('still here'.length);
    await recorder.until(() => recorder.count('close') === 1);
    expect(recorder.error).toBeUndefined();
  });

  test('tells a listener that takes over after the end of the end', async () => {
    const { near, far } = await sockets();
    const connection = streamConnection(near);
    const first = new ConnectionRecorder();
    connection.attach(first);
    far.end();
    await first.until(() => first.count('end') === 1);
    const second = new ConnectionRecorder();
    connection.attach(second);
    await second.until(() => second.count('end') === 1);
    expect(second.calls).toEqual(['end']);
    expect(first.calls).toEqual(['end']);
  });

  test('is lost, and no more than that, when the other end resets it', async () => {
    const { near, far } = await sockets();
    const connection = streamConnection(near);
    const recorder = new ConnectionRecorder();
    connection.attach(recorder);
    const { remote } = connection;
    far.resetAndDestroy();
    await recorder.until(() => recorder.count('close') === 1);
    expect(recorder.calls).toEqual(['close']);
    expect(recorder.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    expect(connection.remote).toEqual(remote);
    expect(remote).toEqual({ host: '127.0.0.1', port: far.localPort ?? remote.port });
  });

  test('survives writes to an end that is gone', async () => {
    const { near, far } = await sockets();
    const connection = streamConnection(near);
    const recorder = new ConnectionRecorder();
    far.resetAndDestroy();
    await once(far, 'close');
    for (let writes = 0; writes < 10; writes += 1) {
      connection.write([Buffer.from('anybody?'), Buffer.alloc(1000)]);
      await new Promise(setImmediate);
    }
    connection.attach(recorder);
    await recorder.until(() => recorder.count('close') === 1);
    expect(recorder.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  });

  test('can be made while the socket still connects, and knows its endpoints afterwards', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const connection = streamConnection(connect(port, '127.0.0.1'));
    connection.write([Buffer.from('early')]);
    const [far] = await accepted;
    const [chunk] = (await once(far, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('early');
    expect(connection.remote).toEqual({ host: '127.0.0.1', port });
    connection.destroy();
    far.destroy();
  });
});

describe('a connection over any stream', () => {
  test('carries bytes both ways and ends in order', async () => {
    const [near, far] = pipes();
    const one = streamConnection(near);
    const other = streamConnection(far);
    const oneEnd = new ConnectionRecorder();
    const otherEnd = new ConnectionRecorder();
    one.attach(oneEnd);
    other.attach(otherEnd);
    one.write([Buffer.from('a'), Buffer.from('b')]);
    other.write([Buffer.from('c')]);
    one.end();
    other.end();
    await oneEnd.until(() => oneEnd.count('close') === 1);
    await otherEnd.until(() => otherEnd.count('close') === 1);
    expect([oneEnd.text, otherEnd.text]).toEqual(['c', 'ab']);
    expect(oneEnd.calls.slice(-2)).toEqual(['end', 'close']);
    expect(one.remote).toEqual({ host: 'stream', port: 0 });
  });

  test('hands several pieces to the stream in one write', () => {
    const writes: string[][] = [];
    const stream = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        writes.push([chunk.toString()]);
        done();
      },
      writev: (chunks, done) => {
        writes.push(chunks.map(({ chunk }) => String(chunk)));
        done();
      },
    });
    const connection = streamConnection(stream);
    connection.write(['a', 'b', 'c'].map((text) => Buffer.from(text)));
    connection.write([Buffer.from('d')]);
    connection.write([]);
    expect(writes).toEqual([['a', 'b', 'c'], ['d']]);
  });

  test('reports what the stream was destroyed with', async () => {
    const [near] = pipes();
    const connection = streamConnection(near);
    const recorder = new ConnectionRecorder();
    connection.attach(recorder);
    near.destroy(new Error('torn'));
    await recorder.until(() => recorder.count('close') === 1);
    expect(recorder.error).toMatchObject({
      code: 'ERR_CONNECTION_LOST',
      cause: expect.objectContaining({ message: 'torn' }) as Error,
    });
  });

  test('tells a listener of the close once, however often it is attached', async () => {
    const [near] = pipes();
    const connection = streamConnection(near);
    connection.destroy();
    await once(near, 'close');
    const skipped = new ConnectionRecorder();
    const recorder = new ConnectionRecorder();
    for (const handlers of [skipped, recorder, recorder]) connection.attach(handlers);
    await recorder.until(() => recorder.count('close') === 1);
    await new Promise(setImmediate);
    expect(recorder.calls).toEqual(['close']);
    expect(skipped.calls).toEqual([]);
  });

  test('made over a stream that is closed already tells so', async () => {
    const [near] = pipes();
    near.destroy();
    await once(near, 'close');
    const connection = streamConnection(near);
    const recorder = new ConnectionRecorder();
    connection.attach(recorder);
    await recorder.until(() => recorder.count('close') === 1);
    expect(connection.write([Buffer.from('x')])).toBe(true);
  });

  test('asks to wait until all of it was taken, however little the stream thinks of it', async () => {
    const taken: (() => void)[] = [];
    const stream = new Duplex({
      read: () => {},
      write: (_chunk, _encoding, done) => void taken.push(done),
      writableHighWaterMark: 1_000,
    });
    const connection = streamConnection(stream);
    const recorder = new ConnectionRecorder();
    connection.attach(recorder);
    expect(connection.write([Buffer.from('abc')])).toBe(false);
    expect(connection.write([Buffer.from('d'), Buffer.from('ef')])).toBe(false);
    expect(connection.bufferedBytes).toBe(6);
    while (taken.length > 0) {
      expect(recorder.calls).toEqual([]);
      taken.shift()?.();
      await new Promise(setImmediate);
    }
    expect(recorder.calls).toEqual(['drain']);
    expect(connection.bufferedBytes).toBe(0);
  });

  test('destroyed as a reset closes where there is no such thing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cablecar-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const server = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const near = connect(join(folder, 'socket'));
    await once(near, 'connect');
    for (const stream of [near, pipes()[0]]) {
      const connection = streamConnection(stream, { destroyAs: 'reset' });
      const recorder = new ConnectionRecorder();
      connection.attach(recorder);
      connection.destroy();
      await recorder.until(() => recorder.count('close') === 1);
      expect(recorder.error).toBeUndefined();
    }
  });

  test('is refused for streams of strings or objects', () => {
    const [text] = pipes();
    text.setEncoding('utf8');
    for (const stream of [text, new Duplex({ objectMode: true })]) {
      expect(() => streamConnection(stream)).toThrow(
        expect.objectContaining({ code: 'ERR_OPTION' }) as Error,
      );
    }
  });
});

/** Two sockets connected to each other. */
async function sockets(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  if (near.connecting) await once(near, 'connect');
  server.close();
  onTestFinished(() => {
    near.destroy();
    far.destroy();
  });
  return { near, far };
}

/** Two streams, each of which reads what the other writes. */
function pipes(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read: () => {},
      write: (chunk, _encoding, done) => {
        other().push(chunk);
        done();
      },
      final: (done) => {
        other().push(null);
        done();
      },
    });
  const near: Duplex = make(() => far);
  const far: Duplex = make(() => near);
  return [near, far];
}
