import {
  CableCarError,
  type Connection,
  type ConnectionSettings,
  type DialOptions,
  type Endpoint,
  type ErrorCode,
  formatEndpoint,
  type Millis,
  type Timer,
} from '@cablecar/core-protocol';
import { ConnectionPair } from './connection-pair.ts';
import { Rank, type ScheduledEvent } from './event-queue.ts';
import type { WorldEventDetails, WorldEventKind } from './journal.ts';
import type { Kernel } from './kernel.ts';
import type { Network, Place, Stuck } from './network.ts';
import { requirePort } from './port-table.ts';
import { type Farewell, type Handle, type Process, Sight } from './process.ts';
import type { SimConnection } from './sim-connection.ts';

/** How long a system asks for an address that nobody has. */
const NOBODY_THERE_MS: Millis = 3000;
/** How long a system waits at least before it dials again, and at most. */
const REDIAL_MS: readonly [least: Millis, greatest: Millis] = [1000, 64_000];

/** What became of a question, to tell states of the world apart. */
const Outcome = { nobodyThere: 1, lost: 2, refused: 3, accepted: 4, settled: 5 } as const;

/** Who dials whom. */
export interface Call {
  readonly network: Network;
  readonly process: Process;
  readonly to: Endpoint;
}

interface Answers {
  readonly resolve: (connection: Connection) => void;
  readonly reject: (reason: unknown) => void;
}

/** Dials a connection as the port `Transport` demands. */
export function dial(call: Call, options: DialOptions = {}): Promise<Connection> {
  return new Promise((resolve, reject) => {
    requirePort(call.to.port);
    options.signal?.throwIfAborted();
    if (call.process.alive) new Dial(call, { resolve, reject }).start(options);
  });
}

/** One attempt to connect: repeated silently by the system for as long as nothing answers. */
class Dial implements Handle, Stuck {
  readonly kind = 'dial';
  readonly #call: Call;
  readonly #answers: Answers;
  readonly #id: string;
  readonly #startedAt: Millis;
  #settings: ConnectionSettings = {};
  #settled = false;
  #from: Endpoint = { host: '0.0.0.0', port: 0 };
  #address = '';
  #connection: SimConnection | undefined;
  #giveUp: ScheduledEvent | undefined;
  #timeout: Timer | undefined;
  #stopListening: () => void = () => {};

  constructor(call: Call, answers: Answers) {
    this.#call = call;
    this.#answers = answers;
    this.#id = call.process.nextDialId();
    this.#startedAt = call.network.engine.now;
    call.process.handles.add(this);
  }

  get detail(): string {
    return `${this.#id} → ${formatEndpoint(this.#call.to)}`;
  }

  start(dialling: DialOptions): void {
    const { signal, timeoutMs } = dialling;
    this.#settings = dialling;
    const { network, process, to } = this.#call;
    const { engine } = network;
    this.#tell('dial', { to });
    if (signal) {
      const abort = (): void =>
        this.#settle(() => {
          this.#connection?.destroy();
          this.#answers.reject(signal.reason);
        });
      signal.addEventListener('abort', abort, { once: true });
      this.#stopListening = () => signal.removeEventListener('abort', abort);
    }
    if (timeoutMs !== undefined && timeoutMs < Infinity) {
      this.#timeout = process.setTimer(timeoutMs, () =>
        this.#fail('ERR_TIMEOUT', `no answer within ${timeoutMs} ms`),
      );
    }
    const address = network.resolve(to.host);
    const route = address && network.route(process.kernel, address);
    if (!address) return this.#failAfter(0, 'ERR_HOST_UNKNOWN', 'no such host');
    if (!route) return this.#failAfter(0, 'ERR_UNREACHABLE', 'no network has this address');
    this.#address = address;
    const port = network.listening(process.kernel).nextEphemeral();
    process.saw(Sight.answer, port);
    this.#from = { host: route.nic.address, port };
    const giveUp = (): void => this.#fail('ERR_UNREACHABLE', 'the system gave up');
    const { dialGiveUpMs } = network.optionsFor(process.kernel, route.to);
    this.#giveUp = engine.schedule(engine.now + dialGiveUpMs, giveUp, Rank.system);
    const delay = network.delay(process.kernel, route.to, process.chance);
    engine.schedule(engine.now + delay, () => this.#arrive());
  }

  retry(): void {
    const { network, process } = this.#call;
    const [least, greatest] = REDIAL_MS;
    const waited = Math.min(Math.max(least, network.engine.now - this.#startedAt), greatest);
    network.engine.schedule(network.engine.now + process.chance.within([0, waited]), () =>
      this.#arrive(),
    );
  }

  abandon(farewell: Farewell): void {
    this.#connection?.abandon(farewell);
    this.#release();
  }

  /** The question is there: accepted, refused, or unanswered. */
  #arrive(): void {
    if (this.#settled) return;
    const { network, process, to } = this.#call;
    const { kernel } = process;
    const route = network.route(kernel, this.#address);
    const there = route?.to;
    if (!there) {
      process.saw(Sight.dialled, Outcome.nobodyThere);
      return this.#failAfter(NOBODY_THERE_MS, 'ERR_UNREACHABLE', 'nobody has this address');
    }
    if (this.#isLost(there)) {
      process.saw(Sight.dialled, Outcome.lost);
      return network.hold(this);
    }
    const listening = network.listening(there).at(to.port).at(-1);
    const nic = there === kernel ? route.nic : there.nicOf(this.#address);
    if (!listening || !nic || (there !== kernel && there.firewall.dials === 'reject')) {
      process.saw(Sight.dialled, Outcome.refused);
      const delay = network.delay(there, kernel, process.chance);
      return this.#failAfter(delay, 'ERR_CONNECTION_REFUSED', 'nobody listens there');
    }
    process.saw(Sight.dialled, Outcome.accepted);
    const pair = new ConnectionPair({
      network,
      id: this.#id,
      dialler: process,
      acceptor: listening.process,
      from: this.#from,
      to: { host: this.#address, port: to.port },
      settings: [this.#settings, listening.settings],
      onOpened: () => this.#opened(),
    });
    this.#connection = pair.diallingEnd;
    listening.onConnection(pair.acceptingEnd, nic);
  }

  #isLost(there: Kernel): boolean {
    const { network, process } = this.#call;
    const { kernel } = process;
    if (there !== kernel && there.firewall.dials === 'drop') return true;
    const here: Place = { kernel, address: this.#from.host };
    const far: Place = { kernel: there, address: this.#address };
    return !network.passes(here, far) || !network.passes(far, here);
  }

  #opened(): void {
    const { process } = this.#call;
    const connection = this.#connection!;
    process.enter(() =>
      this.#settle(() => {
        // It may have been cut while the host stalled.
        if (connection.presence === 'here') process.handles.add(connection);
        this.#tell('connected', { from: connection.local, to: connection.remote });
        this.#answers.resolve(connection);
      }),
    );
  }

  #failAfter(delayMs: Millis, code: ErrorCode, seen: string): void {
    const { engine } = this.#call.network;
    const rank = delayMs >= NOBODY_THERE_MS ? Rank.system : Rank.arrival;
    engine.schedule(engine.now + delayMs, () => this.#fail(code, seen), rank);
  }

  #fail(code: ErrorCode, seen: string): void {
    const { process, to } = this.#call;
    process.enter(() =>
      this.#settle(() => {
        const error = new CableCarError(
          code,
          `could not connect to ${formatEndpoint(to)} (${seen}), expected a program that accepts`,
        );
        this.#tell('dial:failed', { detail: error.message });
        this.#connection?.destroy();
        this.#answers.reject(error);
      }),
    );
  }

  #settle(work: () => void): void {
    if (this.#settled) return;
    this.#call.process.saw(Sight.dialled, Outcome.settled);
    this.#release();
    work();
  }

  #release(): void {
    const { network, process } = this.#call;
    this.#settled = true;
    process.handles.delete(this);
    network.release(this);
    this.#timeout?.cancel();
    if (this.#giveUp) network.engine.queue.remove(this.#giveUp);
    this.#stopListening();
  }

  #tell(kind: WorldEventKind, more: WorldEventDetails): void {
    const { network, process } = this.#call;
    if (network.journal.wants(kind))
      network.tell(kind, process.id, { connection: this.#id, ...more });
  }
}
