/**
 * A program for LAN tests: does to the programs of a LAN everything at once that a stranger should not, from many
 * addresses of its host, until its time is up. Argument: {@link SiegeOptions} as JSON. Prints how much of it there was.
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ByteWriter, decodeBeacon, encodeBeacon, type Beacon } from '@cablecar/core-protocol';
import { encodeGreeting, FRAME, writeFrame } from '@cablecar/core-protocol';
import { Prng } from '@cablecar/simulator';

/** Who is besieged, from where and for how long. */
export interface SiegeOptions {
  /** Addresses of the besieged. */
  readonly targets: readonly string[];
  /** Addresses of this host. */
  readonly sources: readonly string[];
  readonly udpPort: number;
  readonly seconds: number;
  readonly datagramsPerSecond: number;
  readonly connectionsPerSecond: number;
  readonly seed: number;
}

const TURN_S = 0.01;
const DATAGRAMS = 5_000;
const TRICKLE_MS = 400;
const HOLD_MS = 3_000;

const siege = JSON.parse(process.argv[2] ?? '') as SiegeOptions;
const chance = new Prng(siege.seed, 'siege');
const counts = { datagrams: 0, connections: 0, refused: 0, cut: 0 };
/** What each of the besieged last said of itself, by address. */
const heard = new Map<string, Beacon>();

function pick<T>(all: readonly T[]): T {
  return all[chance.below(all.length)] as T;
}

function hex(bytes: number): string {
  return Buffer.from(chance.bytes(bytes)).toString('hex');
}

/** A beacon that is a lie: of nobody, of an honest program at another address, or of one that never took leave. */
function lie(): Buffer {
  const honest = pick([...heard.values()]);
  const nobody: Beacon = { ...honest, kind: 'announce', id: hex(16), epoch: hex(8) };
  return encodeBeacon(
    pick<Beacon>([
      { ...nobody, port: 22 },
      { ...nobody, port: 1024 + chance.below(60_000) },
      { ...nobody, kind: 'probe', metadata: undefined, name: undefined },
      { ...honest, port: 1024 + chance.below(60_000) },
      { ...honest, kind: 'goodbye' },
      { ...honest, epoch: hex(8) },
    ]),
  );
}

/** Something that is no beacon, or one that was spoilt. */
function garbage(): Buffer {
  const bytes = Buffer.from(chance.below(2) === 0 ? chance.bytes(chance.below(1_473)) : lie());
  if (bytes.length === 0) return bytes;
  bytes[chance.below(bytes.length)]! ^= 1 + chance.below(255);
  return bytes.subarray(0, chance.below(3) === 0 ? chance.below(bytes.length) : bytes.length);
}

/** The first words of a handshake, of somebody who does not exist. */
function greeting(): Buffer {
  const name = 'nobody';
  const who = { service: 'another', id: hex(16), epoch: hex(8), name, metadata: {} };
  const writer = new ByteWriter();
  writeFrame(writer, FRAME.HELLO, encodeGreeting({ ...who, round: 0, link: 0 }));
  return Buffer.from(writer.copyItem());
}

/** What is written on a connection, piece by piece; after the last piece there is silence. */
function* words(): Generator<Uint8Array> {
  const kind = chance.below(8);
  if (kind === 0) return; // silent from the start
  if (kind === 1) for (const byte of greeting()) yield Buffer.of(byte); // never as fast as is wanted
  if (kind === 2) yield Buffer.of(0, 0, 0, 0); // frames without even a type
  if (kind === 3) yield Buffer.of(0xff, 0xff, 0xff, 0xff, 0xff, 1); // longer than a length can be
  if (kind === 4) yield Buffer.of(0xff, 0xff, 0xff, 0x7f, FRAME.HELLO); // 256 MiB that never come
  if (kind === 5)
    yield Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.of(1, FRAME.PING)));
  if (kind === 6) yield greeting();
  if (kind === 7) yield chance.bytes(1 + chance.below(4_000));
}

async function assail(host: string, port: number): Promise<void> {
  const socket = connect({ host, port, localAddress: pick(siege.sources) });
  socket.on('error', () => {});
  counts.connections++;
  try {
    await once(socket, 'connect');
  } catch {
    counts.refused++;
    return;
  }
  socket.resume();
  const deadline = performance.now() + HOLD_MS;
  for (const piece of words()) {
    if (socket.destroyed || performance.now() > deadline) break;
    socket.write(piece);
    await sleep(piece.length === 1 ? TRICKLE_MS : 0);
  }
  while (!socket.destroyed && performance.now() < deadline) await sleep(TRICKLE_MS);
  if (socket.destroyed) counts.cut++;
  socket.destroy();
}

async function openDatagrams(address: string): Promise<DatagramSocket> {
  const socket = createSocket('udp4').on('error', () => {});
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  socket.setBroadcast(true);
  return socket;
}

/** Listens until everybody has been heard who is to be besieged. */
async function reconnoitre(): Promise<void> {
  const ear = createSocket({ type: 'udp4', reuseAddr: true });
  ear.bind(siege.udpPort);
  while (!siege.targets.every((target) => heard.has(target))) {
    const [bytes, { address }] = (await once(ear, 'message')) as [Buffer, { address: string }];
    const beacon = decodeBeacon(bytes);
    if (beacon !== undefined && 'id' in beacon) heard.set(address, beacon);
  }
  ear.close();
}

await reconnoitre();
const mouths = await Promise.all(siege.sources.map(openDatagrams));
// Made beforehand: there is to be a flood.
const datagrams = Array.from({ length: DATAGRAMS }, (_, index) => (index % 2 ? lie() : garbage()));
console.log(JSON.stringify({ kind: 'begun' }));
const end = performance.now() + siege.seconds * 1_000;
while (performance.now() < end) {
  // What there was no time for is not made up for: a busy machine has a milder siege.
  for (let due = siege.datagramsPerSecond * TURN_S; due > 0; due--, counts.datagrams++) {
    pick(mouths).send(pick(datagrams), siege.udpPort, pick([...siege.targets, '10.77.255.255']));
  }
  for (let due = siege.connectionsPerSecond * TURN_S; due > 0; due--) {
    const target = pick(siege.targets);
    void assail(target, heard.get(target)?.port ?? 1);
  }
  await sleep(TURN_S * 1_000);
}
console.log(JSON.stringify({ kind: 'over', ...counts }));
process.exit();
