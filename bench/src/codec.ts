// Encoding and decoding alone, in one process: a layout beside the rivals' codecs, the state of a ship.
import { ByteWriter, MessageRegistry } from '@cablecar/core-protocol';
import { Messenger } from 'cablecar';
import { ByteState, JsonState } from './contenders/cablecar.ts';
import { HeldLink } from './held-link.ts';
import { describeMachine } from './machine.ts';
import { STATE_BYTES, STATES, type State } from './payload.ts';
import { keep } from './results.ts';
import type { Result, Row } from './rounds.ts';
import { spreadOf } from './spread.ts';
import { tableOf } from './table.ts';

/** A way to make bytes of a state and a state of bytes; what `encode` gives is good until it is called again. */
interface Codec {
  /** The same as `encode`, into memory that is there, for those that can; answers how many bytes. */
  readonly write?: (state: State) => number;
  readonly encode: (state: State) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => State;
}

const ROUNDS = 7;
const BURST = 200;
const ROUND_MS = 60;
/** The length and the type, a byte each. */
const FRAME_HEAD_BYTES = 2;
const RIVALS: string = new URL('../rivals/codecs.js', import.meta.url).href;

const rivals = (await import(RIVALS).catch(() => ({ CODECS: {} }))) as {
  CODECS: Readonly<Record<string, Codec>>;
};
const codecs: Readonly<Record<string, Codec>> = {
  JSON: {
    encode: (state) => Buffer.from(JSON.stringify(state)),
    decode: (bytes) => JSON.parse((bytes as Buffer).toString()) as State,
  },
  'cablecar byteMessage': own(ByteState),
  'cablecar jsonMessage': own(JsonState),
  ...rivals.CODECS,
};

checkFrame();
const times = new Map(Object.keys(codecs).map((name) => [name, [] as [number, number][]]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, codec] of Object.entries(codecs)) {
    const measured = measure(codec);
    if (round > 0) times.get(name)?.push(measured);
  }
}
const result = resultOf();
keep(result, describeMachine());
console.log(tableOf(result));

/** cablecar's own, as a registry gives it. */
function own(messageClass: typeof ByteState | typeof JsonState): Codec {
  const type = new MessageRegistry([messageClass]).typeOf(new messageClass(STATES.make(0, true)));
  const writer = new ByteWriter(65_536);
  const write = (state: State): number => {
    writer.clear();
    type.encode(new messageClass(state), writer);
    return writer.length;
  };
  return {
    write,
    encode: (state) => writer.bytes.subarray(0, write(state)),
    decode: (bytes) => type.decode(bytes, 0, bytes.length) as unknown as State,
  };
}

/** CPU time per message of encoding and of decoding, in nanoseconds. */
function measure({ encode, decode, write = sizeBy(encode) }: Codec): [number, number] {
  const bytes = Array.from({ length: BURST }, (_, at) =>
    Buffer.from(encode(STATES.make(at, true))),
  );
  for (const [at, one] of bytes.entries()) check(decode(one), at);
  let [encoding, decoding, count, sum] = [0, 0, 0, 0];
  while (encoding + decoding < ROUND_MS * 1_000) {
    const began = process.cpuUsage();
    for (let at = 0; at < BURST; at++) sum += write(STATES.make(at, true));
    const encoded = process.cpuUsage();
    for (let at = 0; at < BURST; at++) sum += decode(bytes[at] as Buffer).heading;
    const done = process.cpuUsage();
    encoding += encoded.user + encoded.system - began.user - began.system;
    decoding += done.user + done.system - encoded.user - encoded.system;
    count += BURST;
  }
  if (sum === 0) throw new Error('nothing was encoded');
  return [(encoding * 1_000) / count, (decoding * 1_000) / count];
}

function sizeBy(encode: Codec['encode']): NonNullable<Codec['write']> {
  return (state) => encode(state).length;
}

function check(state: State, sequence: number): void {
  const expected = STATES.make(sequence, true);
  for (const [field, value] of Object.entries(expected)) {
    const got = state[field as keyof State];
    if (got !== value) throw new Error(`${field} is ${String(got)}, expected ${String(value)}`);
  }
}

/** What a messenger puts on the wire for a state is no more than what is said of it. */
function checkFrame(): void {
  const messenger = new Messenger(new HeldLink().asLink, { messages: [ByteState] });
  messenger.send(new ByteState(STATES.make(1, true)));
  const { bytesSent } = messenger.stats;
  const expected = STATE_BYTES + FRAME_HEAD_BYTES;
  if (bytesSent !== expected) {
    throw new Error(`a state takes ${bytesSent} bytes with its frame, expected ${expected}`);
  }
  console.log(`a state takes ${bytesSent} bytes on the wire with its frame\n`);
}

function resultOf(): Result {
  const base = (times.get('JSON') as [number, number][]).map(([one, other]) => one + other);
  const rows = [...times].map(([label, pairs]): Row => {
    const both = pairs.map(([one, other]) => one + other);
    return {
      label,
      contender: label,
      payload: 'state',
      figures: {
        encodeNs: spreadOf(pairs.map(([encoding]) => encoding)),
        decodeNs: spreadOf(pairs.map(([, decoding]) => decoding)),
        bothNs: spreadOf(both),
        bytes: spreadOf([(codecs[label] as Codec).encode(STATES.make(1, true)).length]),
      },
      ratio: spreadOf(both.map((ns, round) => ns / (base[round] as number))),
    };
  });
  return {
    id: 'codec',
    title: 'Encoding and decoding alone, the state of a ship, ns of CPU',
    workload: 'throughput',
    settings: { ms: ROUND_MS, warmUpMs: ROUND_MS },
    rounds: ROUNDS,
    figure: 'bothNs',
    rows,
    absent: [],
  };
}
