import { byteMessage, Messenger, type Link, type MessengerClose, type Transport } from 'cablecar';
import type { LinkHandlers } from '@cablecar/core-protocol';
import type { SimHost, World } from '@cablecar/simulator';
import { lifeOf, type Life } from '../../packages/discovery/src/life.ts';
import { LinkMaker } from '../../packages/discovery/src/link/link-maker.ts';
import { plainSecurity } from '../../packages/discovery/src/security/security.ts';
import type { Self } from '../../packages/discovery/src/self.ts';

class Count extends byteMessage(0x20, { number: 'u8' }) {}

const SILENT: LinkHandlers = { onChunk() {}, onDrain() {}, onEnd() {}, onClose() {}, onDown() {} };

/** Beyond what is explored, so that no order of events has a heartbeat in it. */
const NEVER_MS = 60_000;

/** One of two programs that dial each other and talk: what joins them up is shipped, beacons are not among it. */
export class Party {
  readonly host: SimHost;
  readonly self: Self;
  /** What it has said. */
  readonly said: number[] = [];
  /** What has been heard, a list for each peer that was met. */
  readonly heard: number[][] = [];
  readonly ends: MessengerClose[] = [];
  readonly warnings: string[] = [];
  /** Links that are there at present, and the most there have been at a time. */
  links = 0;
  mostLinks = 0;
  messenger: Messenger<Count> | undefined;
  readonly #maker: LinkMaker;
  /** Whether it speaks over its links; without, there is less to explore. */
  readonly #talks: boolean;
  #isClosing = false;
  #port = 0;
  #close: () => Promise<void> = async () => {};

  constructor(host: SimHost, id: number, talks: boolean) {
    this.host = host;
    this.#talks = talks;
    const [hex, epoch] = [`${id}`.repeat(32), '1'.repeat(16)];
    this.self = { id: hex, epoch, service: 'pair', name: host.name, metadata: {} };
    this.#maker = new LinkMaker({
      transport: host.transport,
      security: plainSecurity(host.transport),
      via: () => 'broadcast',
      self: () => this.self,
      handshakeTimeoutMs: 2_000,
      headStartMs: 0,
      once: false,
      maxPeers: 10,
      onLink: (link) => this.#meet(link),
      onLost: () => void this.links--,
      onWarning: (error) => void this.warnings.push(error.code),
    });
  }

  get life(): Life {
    return lifeOf(this.self);
  }

  async open(): Promise<void> {
    this.#maker.open();
    const { transport }: { transport: Transport } = this.host;
    const listener = await transport.listen({
      port: 0,
      interfaces: 'all',
      onConnection: (connection) => this.#maker.admit(connection),
    });
    this.#port = listener.port;
    this.#close = () => listener.close();
  }

  /** It hears of the other. */
  sight(other: Party): void {
    this.#maker.sighted(other.life, { host: other.host.addresses[0] as string, port: other.#port });
  }

  /** Sends numbers; after a close, none. */
  send(...numbers: readonly number[]): void {
    if (this.#isClosing || this.messenger?.closed) return;
    for (const number of numbers) this.messenger?.send(new Count({ number }));
    this.said.push(...numbers);
  }

  /** Says goodbye. */
  close(): void {
    this.#isClosing = true;
    void this.messenger?.close({ flushTimeoutMs: 5_000 });
  }

  /** Ends everything but messengers. */
  async stop(): Promise<void> {
    await Promise.all([this.#close(), this.#maker.close()]);
  }

  #meet(link: Link): void {
    this.links++;
    this.mostLinks = Math.max(this.mostLinks, this.links);
    if (!this.#talks) return link.attach(SILENT);
    const numbers: number[] = [];
    this.heard.push(numbers);
    const messenger = new Messenger(link, {
      messages: [Count],
      heartbeatIntervalMs: NEVER_MS,
      suspectAfterMs: 3 * NEVER_MS,
      silenceTimeoutMs: 6 * NEVER_MS,
      resumeWindowMs: 10_000,
    });
    messenger.on('message', ({ number }) => void numbers.push(number));
    messenger.on('close', (close) => void this.ends.push(close));
    this.messenger = messenger;
  }
}

/** Two parties, ready to be told of each other. */
export async function pairOf(world: World, talks = true): Promise<[small: Party, large: Party]> {
  const small = new Party(world.host('small'), 1, talks);
  const large = new Party(world.host('large'), 2, talks);
  await world.runUntil(Promise.all([small.open(), large.open()]));
  return [small, large];
}
