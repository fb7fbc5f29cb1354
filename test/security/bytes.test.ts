/** What holds of bytes and of the code that reads them, whoever sends them. */
import { decodeBeacon, encodeBeacon, type Beacon } from '@cablecar/core-protocol';
import { World } from '@cablecar/simulator';
import { expect, test } from 'vitest';
import { readSources } from '../../tools/sources.ts';
import { TestPeer } from '../support/discovery/test-peer.ts';

const BEACON: Beacon = {
  kind: 'announce',
  road: 'broadcast',
  serviceHash: '0123456789abcdef',
  id: 'ab'.repeat(16),
  epoch: '00'.repeat(8),
  port: 5_000,
  name: 'ada',
  metadata: { level: 3 },
};

/** A datagram of every length that fits a frame of Ethernet, filled in each of these ways. */
function* datagrams(): Generator<Uint8Array> {
  const whole = encodeBeacon(BEACON);
  for (let length = 0; length <= 1_500; length++) {
    const begun = Buffer.alloc(length, 0xff);
    whole.copy(begun);
    yield begun;
    yield Buffer.alloc(length);
    yield Uint8Array.from({ length }, (_, n) => (n * 167 + length * 13) & 0xff);
  }
}

test('a datagram of any length up to 1,500 is a beacon or counted and dropped, sealed or not (T4)', async () => {
  const world = new World({ seed: 4 });
  const stranger = world.host('stranger');
  const peers = [{}, { secret: 'ruby-harvest-7-orbit-lantern' }].map(
    (options, n) => new TestPeer(world.host(`victim${n}`).transport, options),
  );
  for (const { connector } of peers) await world.runUntil(connector.start());
  const handlers = { onDatagram() {}, onInterfaces() {}, onWarning() {} };
  const port = await world.runUntil(
    stranger.transport.openDatagrams({ port: 18_222, interfaces: 'all', handlers }),
  );
  let sent = 0;
  for (const bytes of datagrams()) {
    port.broadcast(bytes, 'everywhere');
    if (++sent % 100 === 0) await world.run({ forMs: 20 });
  }
  await world.run({ forMs: 1_000 });
  for (const { connector, sighted, codes } of peers) {
    const { received, own, foreign, malformed, otherService } = connector.datagrams;
    expect(foreign + malformed + otherService).toBe(received - own);
    expect(received - own).toBeGreaterThanOrEqual(sent);
    expect([sighted, codes.filter((code) => code !== 'ERR_BEACON')]).toEqual([[], []]);
  }
  expect(decodeBeacon(encodeBeacon(BEACON))).toMatchObject({ name: 'ada' });
});

test('nothing that comes is unpacked or run: no package knows compression, eval or a child process (T9)', () => {
  // The command is a program of its own: it asks the system who holds a port, and is loaded bit by bit.
  const isCommand = (path: string): boolean => /cablecar\/src\/(cli|doctor)\//.test(path);
  const rooms = readSources().filter(
    ({ room, isTest, path }) => room !== undefined && !isTest && !isCommand(path),
  );
  const imported = rooms.flatMap(({ module }) =>
    module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
  );
  expect(imported).toContain('node:tls'); // what is looked through is all of it
  expect(imported.filter((name) => /zlib|brotli|child_process|node:vm|worker/.test(name))).toEqual(
    [],
  );
  expect(
    rooms.filter(({ text }) => /\beval\(|\bimport\(/.test(text)).map(({ path }) => path),
  ).toEqual([]);
});
