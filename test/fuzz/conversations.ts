import {
  ByteWriter,
  CableCarError,
  encodeCatalog,
  encodeGreeting,
  FIRST_MESSAGE_TYPE,
  FRAME,
  writeAck,
  writeClose,
  writeEcho,
  writeFrame,
  writeOpen,
} from '@cablecar/core-protocol';
import { Messenger } from '@cablecar/messenger';
import type { Prng } from '@cablecar/simulator';
import { HandshakeMachine } from '../../packages/discovery/src/handshake/handshake-machine.ts';
import { WirePeer } from '../docs/wire-peer.ts';
import { greeting } from './decoders.ts';
import { cut } from './mutate.ts';
import { registry, sample, SAMPLES } from './samples.ts';
import { demand, demandRemote, type Target } from './target.ts';

const CATALOG = encodeCatalog(registry);
const READY = new Uint8Array([1, FRAME.READY]);
const REMOTE = { host: '127.0.0.1', port: 1 };

/** HELLO, or WELCOME and what may follow it, to either end of a handshake; the first byte says to which. */
const handshakes: Target = {
  name: 'handshakes',
  valid: (prng) => {
    const writer = new ByteWriter();
    const isHello = prng.below(2) === 0;
    writer.u8(isHello ? 0 : 1);
    writeFrame(writer, isHello ? FRAME.HELLO : FRAME.WELCOME, encodeGreeting(greeting(prng)));
    return Buffer.from(writer.bytes.subarray(0, writer.length));
  },
  run(bytes, prng, isValid) {
    const role = bytes[0] === 0 ? 'acceptor' : 'dialler';
    const plain = { isSecured: false, secret: undefined, expected: undefined };
    const own = { id: 'ab'.repeat(16), service: 'fuzz', remote: REMOTE, ...plain };
    const machine = new HandshakeMachine({ ...own, role, deadline: 2_000 });
    const mine = { ...greeting(prng), round: 0 };
    if (role === 'dialler') machine.handle({ kind: 'greet', greeting: mine }, 0);
    let isGreeted = false;
    for (const chunk of cut(bytes.subarray(1), prng)) {
      for (const output of machine.handle({ kind: 'chunk', bytes: chunk }, 1)) {
        if (output.kind !== 'event') continue;
        if (output.event.kind === 'failed') demandRemote(output.event.error);
        if (output.event.kind === 'greeted') isGreeted = true;
      }
    }
    if (isGreeted && role === 'acceptor') {
      machine.handle({ kind: 'welcome', greeting: mine }, 2);
      machine.handle({ kind: 'chunk', bytes: READY }, 3);
      demand(isValid, machine.state === 'linked', 'a handshake with its last word');
    }
    machine.handle({ kind: 'wake' }, 10_000);
    demand(isValid, isGreeted, 'a handshake');
  },
};

/** A session with somebody who says whatever comes to mind, in frames that are mostly right. */
const sessions: Target = {
  name: 'sessions',
  valid(prng) {
    const writer = new ByteWriter();
    for (let count = prng.below(8); count >= 0; count--) frame(writer, prng);
    return Buffer.from(writer.bytes.subarray(0, writer.length));
  },
  run(bytes, prng) {
    const wire = new WirePeer(prng.below(2) === 0);
    const messenger = new Messenger(wire, {
      messages: SAMPLES,
      inboxMessages: 16,
      maxMessageBytes: 2_048,
    });
    const errors: unknown[] = [];
    messenger.on('close', ({ code, error }) => {
      if (code === 'fault') errors.push(error);
    });
    messenger.on('warning', (error) => void errors.push(error));
    if (prng.below(2) === 0) messenger.on('message', () => {});
    if (prng.below(8) > 0) wire.open({ catalog: CATALOG });
    if (!messenger.closed) messenger.send(sample(prng) as never);
    for (const chunk of cut(bytes, prng)) wire.send(Buffer.from(chunk));
    wire.pass(prng.below(2_000));
    const { messagesWaiting } = messenger.stats;
    if (messagesWaiting > 16)
      throw new Error(`${messagesWaiting} messages wait, expected at most 16`);
    wire.pass(60_000);
    messenger.destroy();
    wire.settle();
    if (!messenger.closed) throw new Error('the session does not end');
    // What was sent before OPEN may be more than that says is taken: that error is ours to tell.
    errors
      .filter((error) => !CableCarError.is(error, 'ERR_MESSAGE_TOO_LARGE'))
      .forEach(demandRemote);
  },
};

function frame(writer: ByteWriter, prng: Prng): void {
  const number = (): number => (prng.below(8) === 0 ? prng.uint32() : prng.below(20));
  switch (prng.below(9)) {
    case 0:
      return writeEcho(writer, FRAME.PING, number());
    case 1:
      return writeEcho(writer, FRAME.PONG, number());
    case 2:
      return writeAck(writer, {
        received: prng.below(3),
        grantedMessages: number(),
        grantedBytes: number(),
      });
    case 3: {
      const grant = { received: 0, grantedMessages: number(), grantedBytes: number() };
      if (prng.below(6) > 0) return writeEcho(writer, FRAME.PING, 1);
      return writeOpen(writer, { ...grant, maxMessageBytes: number() + 1, catalog: CATALOG });
    }
    case 4:
      if (prng.below(6) > 0) return writeEcho(writer, FRAME.PONG, 1);
      return writeClose(writer, { code: prng.below(3), reason: 'enough' });
    case 5:
      return void writeFrame(writer, FRAME.PART, prng.bytes(prng.below(300)));
    case 6:
      return void writeFrame(
        writer,
        FRAME.PART_END,
        Buffer.from([FIRST_MESSAGE_TYPE + 5, ...prng.bytes(prng.below(30))]),
      );
    case 7:
      return void writeFrame(writer, 12 + prng.below(10), prng.bytes(prng.below(30)));
    default: {
      const message = sample(prng);
      const type = registry.typeOf(message);
      const payload = new ByteWriter();
      type.encode(message, payload);
      writeFrame(writer, FIRST_MESSAGE_TYPE + type.index, payload.copyItem());
    }
  }
}

/** What bytes bring about one after the other. */
export const CONVERSATIONS: readonly Target[] = [handshakes, sessions];
