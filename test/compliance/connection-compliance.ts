import type { Connection } from '@cablecar/core-protocol';
import { describe, expect, test } from 'vitest';
import { ConnectionRecorder } from './recorders.ts';
import { bytes, type Scene } from './transport-world.ts';

const CHUNK = new Uint8Array(64 * 1024).fill(7);
/** More than any system keeps on its way for one connection. */
const TOO_MUCH = 256 * 1024 * 1024;

export function describeConnections(name: string, scene: Scene): void {
  describe(name, () => {
    test('what is written arrives whole and in order, both ways at once', async () => {
      const { near, nearEnd, far, farEnd } = await scene.connectAndAttach();
      const there = pattern(300_000, 3);
      const back = pattern(200_000, 5);
      for (const piece of cut(there)) near.write([piece]);
      far.write([...cut(back)]);
      await scene.run(farEnd.until(() => farEnd.byteLength >= there.length));
      await scene.run(nearEnd.until(() => nearEnd.byteLength >= back.length));
      expect(Buffer.compare(farEnd.bytes, there)).toBe(0);
      expect(Buffer.compare(nearEnd.bytes, back)).toBe(0);
      expect(farEnd.chunks.every((chunk) => chunk.length > 0)).toBe(true);
    });

    test('nothing is read before a listener is attached, and nothing of it is lost', async () => {
      const ends = await scene.connect();
      for (const [writing, reading] of [
        [ends.near, ends.far],
        [ends.far, ends.near],
      ] as const) {
        reading.resume();
        writing.write([bytes('early')]);
        await scene.wait(20);
        const recorder = new ConnectionRecorder();
        reading.attach(recorder);
        await scene.run(recorder.until(() => recorder.text === 'early'));
      }
    });

    test('a listener hands over to another between two chunks, without loss', async () => {
      const { near, far } = await scene.connect();
      const second = new ConnectionRecorder();
      const first = new ConnectionRecorder();
      far.attach({
        onChunk: (chunk) => {
          first.onChunk(chunk);
          far.attach(second);
        },
        onDrain: () => {},
        onEnd: () => {},
        onClose: () => {},
      });
      const sent = pattern(500_000, 11);
      for (const piece of cut(sent)) near.write([piece]);
      const complete = (): boolean => first.byteLength + second.byteLength >= sent.length;
      await scene.run(Promise.race([first.until(complete), second.until(complete)]));
      expect(first.count('chunk')).toBe(1);
      expect(Buffer.compare(Buffer.concat([first.bytes, second.bytes]), sent)).toBe(0);
    });

    test('a writer is asked to wait while the reader pauses, and told when to go on', async () => {
      const { near, nearEnd, far, farEnd } = await scene.connectAndAttach();
      far.pause();
      const sent = await writeUntilHeld(scene, near, nearEnd);
      expect(sent).toBeLessThan(TOO_MUCH);
      expect(near.write([])).toBe(false);
      expect(near.bufferedBytes).toBeGreaterThan(0);
      const drained = nearEnd.count('drain');
      const received = farEnd.byteLength;
      await scene.wait(20);
      expect(nearEnd.count('drain')).toBe(drained);
      expect(farEnd.byteLength).toBe(received);
      far.resume();
      await scene.run(nearEnd.until(() => nearEnd.count('drain') === drained + 1));
      expect(near.bufferedBytes).toBe(0);
      await scene.run(farEnd.until(() => farEnd.byteLength === sent));
    });

    test('a connection that was paused before it was attached stays so', async () => {
      const { near, far } = await scene.connect();
      const recorder = new ConnectionRecorder();
      far.pause();
      far.attach(recorder);
      near.write([bytes('held')]);
      await scene.wait(20);
      expect(recorder.text).toBe('');
      far.resume();
      await scene.run(recorder.until(() => recorder.text === 'held'));
    });

    test('after end() the other end is told, can go on writing, and both close in order', async () => {
      const { near, nearEnd, far, farEnd } = await scene.connectAndAttach();
      near.write([bytes('last words')]);
      near.end();
      near.write([bytes('ignored')]);
      await scene.run(farEnd.until(() => farEnd.count('end') === 1));
      expect(farEnd.text).toBe('last words');
      far.write([bytes('answer')]);
      await scene.run(nearEnd.until(() => nearEnd.text === 'answer'));
      expect(nearEnd.count('close') + farEnd.count('close')).toBe(0);
      far.end();
      await scene.run(nearEnd.until(() => nearEnd.count('close') === 1));
      await scene.run(farEnd.until(() => farEnd.count('close') === 1));
      for (const end of [nearEnd, farEnd]) {
        expect(end.error).toBeUndefined();
        expect(end.calls.filter((call) => call !== 'drain').slice(-2)).toEqual(['end', 'close']);
      }
    });

    test('a listener that takes over after the end is told of it as well', async () => {
      const { near, far, farEnd } = await scene.connectAndAttach();
      near.end();
      await scene.run(farEnd.until(() => farEnd.count('end') === 1));
      const late = new ConnectionRecorder();
      far.attach(late);
      expect(late.calls).toEqual([]);
      await scene.run(late.until(() => late.count('end') === 1));
      expect(farEnd.count('end')).toBe(1);
    });

    test('after destroy() the close follows the call, once, and the other end is told', async () => {
      const { near, nearEnd, far, farEnd } = await scene.connectAndAttach();
      near.destroy();
      expect(nearEnd.calls).toEqual([]);
      await scene.run(nearEnd.until(() => nearEnd.count('close') === 1));
      expect(nearEnd.error).toBeUndefined();
      await scene.run(farEnd.until(() => farEnd.calls.length > 0));
      far.end();
      await scene.run(farEnd.until(() => farEnd.count('close') === 1));
      near.destroy();
      near.end();
      expect(near.write([bytes('ignored')])).toBe(true);
      await scene.wait(20);
      expect(nearEnd.calls).toEqual(['close']);
      expect(farEnd.calls.at(-1)).toBe('close');
      expect(farEnd.count('close')).toBe(1);
    });

    test('after end() the other end may be given a time to finish', async () => {
      const { near, nearEnd, farEnd } = await scene.connectAndAttach({ endTimeoutMs: 50 });
      near.write([bytes('last words')]);
      near.end();
      near.end();
      await scene.run(nearEnd.until(() => nearEnd.count('close') === 1));
      expect(nearEnd.error).toBeUndefined();
      expect(farEnd.text).toBe('last words');
      expect(farEnd.count('end')).toBe(1);
    });

    test('a listener attached after the close is told of it, after the call', async () => {
      const { near, far } = await scene.connect();
      const first = new ConnectionRecorder();
      near.attach(first);
      near.destroy();
      await scene.run(first.until(() => first.count('close') === 1));
      const late = new ConnectionRecorder();
      near.attach(late);
      expect(late.calls).toEqual([]);
      await scene.run(late.until(() => late.count('close') === 1));
      expect(late.calls).toEqual(['close']);
      expect(first.count('close')).toBe(1);
      far.destroy();
    });

    test('a connection destroyed before anybody listened tells its first listener', async () => {
      const { near } = await scene.connect();
      near.destroy();
      await scene.wait(20);
      const recorder = new ConnectionRecorder();
      near.attach(recorder);
      await scene.run(recorder.until(() => recorder.count('close') === 1));
    });
  });
}

/** Writes until the writer is held for good; gives how many bytes it took. */
async function writeUntilHeld(
  scene: Scene,
  connection: Connection,
  end: ConnectionRecorder,
): Promise<number> {
  let sent = 0;
  while (sent < TOO_MUCH) {
    sent += CHUNK.length;
    if (connection.write([CHUNK])) continue;
    const drains = end.count('drain');
    await scene.run(
      Promise.race([end.until(() => end.count('drain') > drains), scene.elapsed(50)]),
    );
    if (end.count('drain') === drains) break;
  }
  return sent;
}

/** Bytes in which a loss, a repetition or a swap shows. */
/** Only in the clear: encryption has an end of its own, and nothing that breaks it off. */
export function describeResets(scene: Scene): void {
  test('destroyed as a reset, it is broken off at the other end; after end() it is not', async () => {
    for (const isEnded of [false, true]) {
      const { near, far, farEnd } = await scene.connectAndAttach({ destroyAs: 'reset' });
      near.write([bytes('last words')]);
      await scene.run(farEnd.until(() => farEnd.text === 'last words'));
      if (isEnded) near.end();
      near.destroy();
      if (isEnded) {
        await scene.run(farEnd.until(() => farEnd.count('end') === 1));
        far.end();
      }
      await scene.run(farEnd.until(() => farEnd.count('close') === 1));
      expect(farEnd.error?.code).toBe(isEnded ? undefined : 'ERR_CONNECTION_LOST');
      expect(farEnd.count('end')).toBe(isEnded ? 1 : 0);
    }
  });
}

function pattern(length: number, step: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * step + (index >>> 8)) & 0xff);
}

/** Cuts at sizes from 1 to some thousands. */
function* cut(whole: Uint8Array): Generator<Uint8Array> {
  for (let at = 0, size = 1; at < whole.length; size = (size * 7) % 4999) {
    yield whole.subarray(at, at + size);
    at += size;
  }
}
