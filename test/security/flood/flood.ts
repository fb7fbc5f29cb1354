import { DirectClient, join, Messenger, type Mesh } from 'cablecar';
import { freeUdpPort } from '../../compliance/free-udp-port.ts';
import { bundle } from '../../support/bundle.ts';
import { freeTcpPort } from '../../support/free-tcp-port.ts';
import { Program } from '../../support/program.ts';
import { Ping, Pong } from './messages.ts';
import type { Pace } from './pace.ts';

/** How the program stood a flood. */
export interface FloodReport {
  /** How many connections or datagrams came in a second, on average. */
  readonly perSecond: number;
  /** By how much the resident memory of the program grew at most. */
  readonly growthBytes: number;
  /** How long honest peers took to get a link, in ascending order. */
  readonly honestMs: readonly number[];
  /** How many honest peers got none. */
  readonly failures: number;
  /** How often the peer that was there before was suspected or lost. */
  readonly troubles: number;
  /** How many questions of that peer were answered meanwhile. */
  readonly answered: number;
}

const ADDRESSES = 50;
const PAUSE_MS = 25;
const WARM_CONNECTS = 30;

/** A program that is flooded, and an honest peer that has it. */
export class Flood implements AsyncDisposable {
  readonly #udpPort: number;
  readonly #tcpPort: number;
  readonly #patienceMs: number;
  readonly #program: Program;
  readonly #peer: Mesh<Ping | Pong>;
  #troubles = 0;
  #answered = 0;
  readonly #asking: NodeJS.Timeout;

  private constructor(
    settings: { readonly udp: number; readonly tcp: number; readonly patienceMs: number },
    program: Program,
    peer: Mesh<Ping | Pong>,
  ) {
    this.#udpPort = settings.udp;
    this.#tcpPort = settings.tcp;
    this.#patienceMs = settings.patienceMs;
    this.#program = program;
    this.#peer = peer;
    for (const there of peer.peers.values()) {
      there.on('suspect', () => this.#troubles++).on('close', () => this.#troubles++);
      there.on('message', () => this.#answered++);
    }
    this.#asking = setInterval(() => peer.broadcast(new Ping({ number: 1 })), PAUSE_MS);
  }

  /** `patienceMs`: how long an honest peer waits for its link. */
  static async prepare(patienceMs: number): Promise<Flood> {
    const ports = { udp: await freeUdpPort(), tcp: await freeTcpPort() };
    const common = { interfaces: 'loopback', udpPort: ports.udp } as const;
    const options = JSON.stringify({ ...common, tcpPort: ports.tcp });
    const program = await start('flooded', options);
    await program.next(({ kind }) => kind === 'ready', { timeoutMs: 60_000 });
    const peer = await join({ ...common, messages: [Ping, Pong] });
    await peer.firstPeer({ timeoutMs: 10_000 });
    const flood = new Flood({ ...ports, patienceMs }, program, peer);
    for (let n = 0; n < WARM_CONNECTS; n++) await flood.#connect();
    return flood;
  }

  /** Strangers who connect and say nothing, or too little. */
  async connections(pace: Pace): Promise<FloodReport> {
    const how = { ...pace, port: this.#tcpPort, addresses: ADDRESSES };
    const hostile = await start('hostile-connections', JSON.stringify(how));
    return this.#under(hostile, pace, () => this.#connect());
  }

  /** Datagrams of every kind. The honest peers are newcomers, who find the program by beacons of their own. */
  async beacons(pace: Pace): Promise<FloodReport> {
    const how = { ...pace, port: this.#udpPort, addresses: ADDRESSES };
    const hostile = await start('hostile-beacons', JSON.stringify(how));
    return this.#under(hostile, pace, () => this.#meet());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#asking);
    await this.#peer.close();
    await this.#program.stop();
  }

  async #under(
    hostile: Program,
    { seconds }: Pace,
    honest: () => Promise<number>,
  ): Promise<FloodReport> {
    const [troubles, answered] = [this.#troubles, this.#answered];
    await this.#ask('measure');
    const honestMs: number[] = [];
    let failures = 0;
    const over = hostile.next(({ kind }) => kind === 'over', {
      timeoutMs: 1_000 * seconds + 60_000,
    });
    const pause = (): Promise<undefined> =>
      new Promise((resolve) => setTimeout(() => resolve(undefined), PAUSE_MS));
    do {
      await honest().then(
        (ms) => honestMs.push(ms),
        () => failures++,
      );
    } while ((await Promise.race([over, pause()])) === undefined);
    const { growth } = await this.#ask('tell');
    await hostile.stop();
    return {
      perSecond: Number((await over)['count']) / seconds,
      growthBytes: Number(growth),
      honestMs: honestMs.sort((one, other) => one - other),
      failures,
      troubles: this.#troubles - troubles,
      answered: this.#answered - answered,
    };
  }

  async #ask(what: 'measure' | 'tell'): Promise<{ readonly growth?: unknown }> {
    this.#program.tell({ do: what });
    return this.#program.next(({ kind }) => kind === what);
  }

  async #connect(): Promise<number> {
    const began = performance.now();
    const client = new DirectClient({ host: '127.0.0.1', port: this.#tcpPort });
    const link = await client.connect({ timeoutMs: this.#patienceMs });
    const ms = performance.now() - began;
    await new Messenger(link, { messages: [] }).close();
    return ms;
  }

  async #meet(): Promise<number> {
    const began = performance.now();
    const options = { interfaces: 'loopback', udpPort: this.#udpPort, messages: [] } as const;
    await using newcomer = await join(options);
    const wanted = [...this.#peer.peers.keys()][0] as string;
    const signal = AbortSignal.timeout(this.#patienceMs);
    signal.addEventListener('abort', () => void newcomer.close());
    for await (const peer of newcomer) if (peer.info.id === wanted) break;
    signal.throwIfAborted();
    return performance.now() - began;
  }
}

/** Starts one of the programs beside, compiled as a user's would be. */
async function start(name: string, json: string): Promise<Program> {
  const script = await bundle(`test/security/programs/${name}.ts`);
  return new Program(name, [process.execPath, '--expose-gc', script, json]);
}
