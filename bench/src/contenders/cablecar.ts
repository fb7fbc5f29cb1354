import {
  byteMessage,
  DirectClient,
  DirectServer,
  GameLoopAdapter,
  gameLoop,
  join,
  jsonMessage,
  Messenger,
  nodeTransport,
  type Message,
  type MessageClass,
  type Transport,
} from 'cablecar';
import type { Accept, Contender, Receive } from '../contender.ts';
import type { State } from '../payload.ts';
import { freePort } from './net-line.ts';

/** A payload as the one field of a message. */
export class Bytes extends byteMessage(0x10, { payload: 'bytes' }) {}

/** The state as a layout. */
export class ByteState extends byteMessage(0x11, {
  sequence: 'u32',
  x: 'f32',
  y: 'f32',
  heading: 'u16',
  health: 'u8',
  name: 'string',
}) {}

/** The state as JSON. */
export class JsonState extends jsonMessage('State')<State> {}

/** Takes what has come from a messenger and hands each message on. */
type Style = (messenger: Messenger, receive: (message: Message) => void) => void | Promise<void>;

const onMessage: Style = (messenger, receive) => void messenger.on('message', receive);

const byAwait: Style = async (messenger, receive) => {
  for await (const message of messenger) receive(message);
};

const byBatches: Style = async (messenger, receive) => {
  for await (const batch of messenger.batches()) for (const message of batch) receive(message);
};

/** A loop that asks at every turn of the event loop, which is as often as it can. */
const byGet: Style = (messenger, receive) => {
  const loop = new GameLoopAdapter(messenger);
  const turn = (): void => {
    if (!loop.xfer()) return;
    for (let message = loop.get(); message !== null; message = loop.get()) receive(message);
    setImmediate(turn);
  };
  turn();
};

interface Ways<M> {
  readonly about: string;
  readonly messageClass: MessageClass;
  readonly style?: Style;
  /** Over TLS, as is the default; else plain, as those are that it is compared with. */
  readonly isEncrypted?: boolean;
  /** With a game loop at each end that does not sleep. */
  readonly isBusy?: boolean;
  readonly wrap: (sample: M) => Message;
  readonly hand: (message: Message, receive: Receive<M>) => void;
}

/** A game's frames at 60 Hz with nothing to do, between which the event loop turns without a rest. */
function keepTurning(messenger: Messenger): void {
  const closed = new AbortController();
  messenger.once('close', () => closed.abort());
  void gameLoop({ busy: true, signal: closed.signal }, () => {});
}

/** cablecar with everything that sessions have by default: resuming, credit, heartbeats, acknowledgements. */
function cablecarContender<M>(ways: Ways<M>): Contender<M> {
  const { about, messageClass, style = onMessage, wrap, hand } = ways;
  const { isEncrypted = false, isBusy = false } = ways;
  const security = isEncrypted ? 'tls' : 'none';
  const messages = [messageClass];
  const use = (messenger: Messenger, accept: Accept<M>): void => {
    const receive = accept({
      send: (sample) => messenger.send(wrap(sample)),
      roomy: () => new Promise((resolve) => messenger.once('drain', resolve)),
      close: () => messenger.close(),
    });
    const reading = style(messenger, (message) => hand(message, receive));
    if (isBusy) keepTurning(messenger);
    // Whoever is ended last hears of the other's end, and has reported already.
    void Promise.resolve(reading).catch(() => {});
  };
  return {
    about: `cablecar, ${about}`,
    async listen(accept) {
      const port = await freePort();
      await new Promise<void>((resolve, reject) => {
        const server = new DirectServer({
          service: 'bench',
          port,
          interfaces: 'loopback',
          security,
          transport: tellingOfListening(resolve),
        });
        const linked = server.connect({ timeoutMs: 60_000 });
        linked.then((link) => use(new Messenger(link, { messages }), accept)).catch(reject);
      });
      return port;
    },
    async serve(accept) {
      const tcpPort = await freePort();
      const settings = { tcpPort, interfaces: 'loopback', security, maxPeers: 16_384 } as const;
      const mesh = await join({ service: 'bench', messages, ...settings });
      mesh.on('peer', (peer) => use(peer, accept));
      return tcpPort;
    },
    async dial(port, accept) {
      const client = new DirectClient({ service: 'bench', host: '127.0.0.1', port, security });
      const link = await client.connect({ timeoutMs: 20_000 });
      use(new Messenger(link, { messages }), accept);
    },
  };
}

/** The system's transport, which says when it listens: a server's own word comes only with its peer. */
function tellingOfListening(onListening: () => void): Transport {
  const transport = nodeTransport();
  return {
    ...transport,
    async listen(options) {
      const listener = await transport.listen(options);
      onListening();
      return listener;
    },
  };
}

function states(about: string, style: Style): Contender<State> {
  return cablecarContender<State>({
    about: `states as byteMessage(), read ${about}`,
    messageClass: ByteState,
    style,
    wrap: (state) => new ByteState(state),
    hand: (message, receive) => receive(message as ByteState, 0, 0),
  });
}

function payloads(
  about: string,
  ways: Pick<Ways<Uint8Array>, 'isEncrypted' | 'isBusy'> = {},
): Contender<Uint8Array> {
  return cablecarContender<Uint8Array>({
    about: `payloads as a field of type bytes, read by message events, ${about}`,
    messageClass: Bytes,
    ...ways,
    wrap: (payload) => new Bytes({ payload }),
    hand: (message, receive) => {
      const { payload } = message as Bytes;
      receive(payload, 0, payload.length);
    },
  });
}

export const cablecarBytes: Contender<Uint8Array> = payloads('plain');
export const cablecarTls: Contender<Uint8Array> = payloads('over TLS', { isEncrypted: true });
/** Answers at once what comes, at the price of a core at each end. */
export const cablecarBusy: Contender<Uint8Array> = payloads('plain, a busy loop', { isBusy: true });
export const cablecarState: Contender<State> = states("by 'message' events", onMessage);
export const cablecarAwait: Contender<State> = states('by for await', byAwait);
export const cablecarBatches: Contender<State> = states('by batches()', byBatches);
export const cablecarGet: Contender<State> = states('by xfer() and get() at each turn', byGet);

export const cablecarJson: Contender<State> = cablecarContender<State>({
  about: "states as jsonMessage(), read by 'message' events",
  messageClass: JsonState,
  wrap: (state) => new JsonState(state),
  hand: (message, receive) => receive(message as JsonState, 0, 0),
});
