import type { Millis } from '@cablecar/core-protocol';
import { Rank, type ScheduledEvent } from './event-queue.ts';
import { Fifo } from './fifo.ts';
import type { Network, Place, Stuck } from './network.ts';
import type { Prng } from './prng.ts';
import { type Process, Sight } from './process.ts';

/** One end of a connection, as what travels between the ends sees it. */
export interface PipeEnd {
  readonly process: Process;
  readonly place: Place;
  /** Whether its socket is there, is gone so that the system answers with resets, or nobody answers at all. */
  readonly presence: 'here' | 'gone' | 'silent';
  /** The other end has accepted. */
  onOpened(): void;
  /** Bytes, or the end of them, wait to be read. */
  onReadable(): void;
  /** The system has taken everything written. */
  onTaken(): void;
  /** The connection is broken. */
  onBroken(reason: string): void;
}

/** What travels as one. */
export interface Segment {
  readonly at: Millis;
  readonly kind: 'open' | 'bytes' | 'end' | 'reset';
  readonly bytes: Uint8Array;
}

/** What a flight is made with. */
export interface FlightOptions {
  readonly network: Network;
  readonly prng: Prng;
  readonly source: PipeEnd;
  readonly target: PipeEnd;
  /** Takes what arrives at one moment: bytes and the end, or something else by itself. */
  readonly onArrival: (segments: readonly Segment[]) => void;
}

/** TCP waits this long at least before it sends again, and as long as it has waited already, up to the greatest. */
const RETRANSMIT_MS: readonly [least: Millis, greatest: Millis] = [200, 120_000];

/** What is on its way from one end of a connection to the other: in order, late, and held while there is no way. */
export class Flight implements Stuck {
  /** Set when nothing will ever arrive any more. */
  severed = false;
  readonly #options: FlightOptions;
  /** Names it in the traces. */
  readonly #number: number;
  readonly #segments = new Fifo<Segment>();
  #lastAt: Millis = 0;
  #heldSince: Millis | undefined;
  #giveUp: ScheduledEvent | undefined;

  constructor(options: FlightOptions) {
    this.#options = options;
    this.#number = options.prng.uint32();
  }

  /** Whether something can arrive at present. */
  get passes(): boolean {
    const { network, source, target } = this.#options;
    if (this.severed || target.presence === 'silent') return false;
    return network.passes(source.place, target.place);
  }

  send(kind: Segment['kind'], bytes: Uint8Array): void {
    const { network, source, target } = this.#options;
    const { bytesPerMs } = network.optionsFor(source.process.kernel, target.process.kernel);
    const soonest = network.engine.now + this.delay();
    this.#lastAt = Math.max(this.#lastAt, soonest) + bytes.length / bytesPerMs;
    this.#segments.push({ at: this.#lastAt, kind, bytes });
    if (this.#segments.length === 1 && this.#heldSince === undefined) this.#arm(this.#lastAt);
  }

  /** How long something takes at present. */
  delay(): Millis {
    const { network, source, target, prng } = this.#options;
    return network.delay(source.process.kernel, target.process.kernel, prng);
  }

  /** The source no longer waits for an answer. */
  forgetSource(): void {
    if (this.#giveUp) this.#options.network.engine.queue.remove(this.#giveUp);
  }

  /** Sends again what was held; the longer it was, the rarer the system tries. */
  retry(): void {
    const { network, prng } = this.#options;
    if (!this.passes) {
      this.#wait();
      return;
    }
    const [least, greatest] = RETRANSMIT_MS;
    const pause = Math.min(Math.max(least, network.engine.now - (this.#heldSince ?? 0)), greatest);
    this.#heldSince = undefined;
    this.forgetSource();
    this.#arm(network.engine.now + prng.within([0, pause]));
  }

  /** Waits for the network to change, unless nobody is there any more to whom that would matter. */
  #wait(): void {
    const { network, source, target } = this.#options;
    const matters = source.presence === 'here' || target.presence === 'here';
    if (matters && !this.severed) network.hold(this);
  }

  #arm(at: Millis): void {
    this.#options.network.engine.schedule(at, () => this.#arrive());
  }

  #arrive(): void {
    if (!this.passes) {
      this.#hold();
      return;
    }
    const { target, onArrival } = this.#options;
    target.process.saw(Sight.arrival, this.#number);
    const arrived = [this.#segments.shift()!];
    // What is there at the same moment is read together; a chooser has everything arrive by itself.
    while (isStream(arrived[0]) && this.#isThere(this.#segments.peek())) {
      arrived.push(this.#segments.shift()!);
    }
    const next = this.#segments.peek();
    if (next) this.#arm(next.at);
    onArrival(arrived);
  }

  #isThere(next: Segment | undefined): boolean {
    const { now, chooser } = this.#options.network.engine;
    return !chooser && isStream(next) && next.at <= now;
  }

  #hold(): void {
    const { network, source, target } = this.#options;
    const { engine } = network;
    this.#heldSince = engine.now;
    target.process.saw(Sight.held, this.#number);
    this.#wait();
    if (source.presence !== 'here') return;
    const giveUp = (): void => source.onBroken('the other end did not answer');
    const { connectionGiveUpMs } = network.optionsFor(source.process.kernel, target.process.kernel);
    this.#giveUp = engine.schedule(engine.now + connectionGiveUpMs, giveUp, Rank.system);
  }
}

function isStream(segment: Segment | undefined): segment is Segment {
  return segment?.kind === 'bytes' || segment?.kind === 'end';
}
