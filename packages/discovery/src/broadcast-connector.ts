import {
  CableCarError,
  Emitter,
  type Link,
  type Metadata,
  type PeerId,
  type Timer,
} from '@cablecar/core-protocol';
import type { DatagramCounts } from './beacon/beacon-types.ts';
import type { ConnectorEvents } from './events.ts';
import { checkedMetadata } from './option-checks.ts';
import type { ConnectorOptions } from './options.ts';
import { resolveConnectorOptions, type ResolvedConnectorOptions } from './resolve-options.ts';
import type { Search } from './search.ts';
import { searchFor } from './search-for.ts';

/** One search, from `start()` to `stop()`. */
interface Run {
  started: Promise<void> | undefined;
  stopped: Promise<void> | undefined;
}

/**
 * Finds the other programs of a service on the network and connects to each of them: announces this program by
 * datagrams, hears theirs, and makes exactly one link with each peer, whichever end dials.
 * @see docs/protocol.md §2 to §4, and §9 for the classic wires
 */
export class BroadcastConnector extends Emitter<ConnectorEvents> implements AsyncDisposable {
  readonly #options: ResolvedConnectorOptions;
  readonly #search: Search;
  #metadata: Metadata;
  #timeout: Timer | undefined;
  #run: Run | undefined;
  #hasMet = false;

  /**
   * @throws {CableCarError} ERR_OPTION, ERR_WEAK_SECRET, and where a file of `identity` or `knownPeers` cannot be used
   * ERR_PRIVATE_FILE, ERR_IDENTITY_FILE or ERR_SYSTEM
   */
  constructor(options: ConnectorOptions = {}) {
    super();
    this.#options = resolveConnectorOptions(options);
    this.#metadata = this.#options.metadata;
    this.#search = searchFor(this.#options, {
      onLink: (link) => this.#met(link),
      onLost: (lost) => void this.deliver('peer:lost', lost),
      onUpdate: (link) => void this.deliver('peer:update', link),
      onSighted: (sighting) => {
        this.#options.observer.note({ kind: 'beacon', peer: sighting });
        this.deliver('sighted', sighting);
      },
      onConflict: (conflict) => void this.deliver('identity-conflict', conflict),
      onWarning: (error) => this.#warn(error),
    });
  }

  /**
   * This program's id: 32 hexadecimal digits that belong to its key, another one for every connector unless `identity`
   * keeps it. On a classic wire the address that
   * others know it by (the first of several), `0.0.0.0` before the start.
   */
  get id(): PeerId {
    return this.#search.id;
  }

  /** What others see as this program's name. */
  get name(): string {
    return this.#options.name;
  }

  /** What others see as this program's metadata. */
  get metadata(): Metadata {
    return this.#metadata;
  }

  /** The links that are open, by the peer's id. */
  get links(): ReadonlyMap<PeerId, Link> {
    return this.#search.links;
  }

  /** The TCP port that others dial. Undefined while stopped. */
  get tcpPort(): number | undefined {
    return this.#search.tcpPort;
  }

  /** How many datagrams came on the UDP port, and what became of them. */
  get datagrams(): Readonly<DatagramCounts> {
    return this.#search.counts;
  }

  /** The IP addresses of the peers with a link, each once. */
  addresses(): string[] {
    return [...new Set([...this.links.values()].map(({ remote }) => remote.host))];
  }

  /**
   * Begins to announce, listen and dial; resolves when it does. May be called again after `stop()`.
   * @throws {CableCarError} ERR_STATE when started already, ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects)
   */
  start(): Promise<void> {
    if (this.#run !== undefined && this.#run.stopped === undefined) {
      const sentence = 'start() was called twice, expected stop() in between';
      return Promise.reject(new CableCarError('ERR_STATE', sentence));
    }
    const before = this.#run?.stopped;
    const run: Run = { started: undefined, stopped: undefined };
    this.#run = run;
    run.started = this.#open(run, before);
    return run.started;
  }

  /**
   * Meets nobody new from here on. Links that lose their connection are still given another, until `stop()`. Undone by
   * the next `start()`. On a classic wire, where a link has one connection only, nothing changes.
   */
  retire(): void {
    this.#search.retire();
  }

  /**
   * Stops announcing, listening and dialling; links stay open. Resolves when nothing else is open: at once, or on a
   * classic wire when 5 s have passed since this program dialled the latest of its links. Idempotent.
   */
  stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return Promise.resolve();
    run.stopped ??= this.#close(run);
    return run.stopped;
  }

  /** The same as `stop()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * Changes what others see of this program, at once and also where there are links.
   * @throws {CableCarError} ERR_OPTION when it is no JSON, or too large for a beacon, and on the classic wires, which
   * have no place for it
   */
  setMetadata(metadata: Metadata): void {
    const checked = checkedMetadata(metadata, this.#options);
    this.#search.show(checked);
    this.#metadata = checked;
  }

  async #open(run: Run, before: Promise<void> | undefined): Promise<void> {
    await before;
    const { transport, timeoutMs } = this.#options;
    this.#hasMet = false;
    try {
      await this.#search.open();
    } catch (error) {
      if (this.#run === run) this.#run = undefined;
      throw error;
    }
    if (timeoutMs < Infinity) {
      this.#timeout = transport.clock.setTimer(timeoutMs, () => this.#expire(timeoutMs));
    }
  }

  async #close(run: Run): Promise<void> {
    try {
      await run.started;
    } catch {
      return; // start() tells
    }
    this.#timeout?.cancel();
    await this.#search.close();
    if (this.#run === run) this.#run = undefined;
    this.deliver('close');
  }

  #met(link: Link): void {
    this.#hasMet = true;
    this.#options.observer.note({ kind: 'peer', peer: link.peer });
    if (this.#options.once) void this.stop();
    this.deliver('peer', link);
  }

  #expire(timeoutMs: number): void {
    void this.stop();
    if (this.#hasMet) return;
    const sentence = `no peer was found in ${timeoutMs} ms, expected one`;
    this.#warn(new CableCarError('ERR_TIMEOUT', sentence));
  }

  #warn(error: CableCarError): void {
    this.#options.observer.note({ kind: 'warning', peer: undefined, error });
    this.deliver('warning', error);
  }
}
