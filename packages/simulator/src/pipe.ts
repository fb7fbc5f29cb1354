import { Fifo } from './fifo.ts';
import { Flight, type PipeEnd, type Segment } from './flight.ts';
import type { Network } from './network.ts';
import { MAX_CHUNK_BYTES, type ResolvedNetworkOptions } from './options.ts';
import { Prng } from './prng.ts';
import { Sight } from './process.ts';
import { SendBuffer } from './send-buffer.ts';

/** How a pipe is made. */
export interface PipeOptions {
  readonly network: Network;
  /** Names its stream of chance. */
  readonly name: string;
  readonly source: PipeEnd;
  readonly target: PipeEnd;
}

const NO_BYTES = new Uint8Array();

/**
 * One direction of a connection: what the source wrote and the system has not taken, what is on its way, and what has
 * arrived and was not read. Keeps order, loses nothing while both ends live, and holds no more than the window.
 */
export class Pipe {
  /** Whether the end follows what is written. */
  ending = false;
  /** Whether the end has been sent. */
  ended = false;
  /** Whether the end has arrived. */
  endArrived = false;
  /** The other direction, by which the source learns what was read. */
  back!: Pipe;
  readonly flight: Flight;
  readonly #options: PipeOptions;
  readonly #prng: Prng;
  readonly #written = new SendBuffer();
  readonly #arrived = new Fifo<Uint8Array>();
  /** Bytes that the system has taken and the target has not read. */
  #windowUsed = 0;
  #acknowledging = false;

  constructor(options: PipeOptions) {
    const { network, name, source, target } = options;
    this.#options = options;
    const prng = (this.#prng = new Prng(network.seed, name));
    const onArrival = (segments: readonly Segment[]): void => this.#onArrival(segments);
    this.flight = new Flight({ network, prng, source, target, onArrival });
  }

  /** Bytes written that the system has not taken. */
  get writtenBytes(): number {
    return this.#written.length;
  }

  /** Bytes written that were not read. */
  get waitingBytes(): number {
    return this.#written.length + this.#windowUsed;
  }

  /** Whether bytes have arrived that were not read. */
  get hasArrived(): boolean {
    return this.#arrived.length > 0;
  }

  /** Tells the target that the source has accepted. */
  open(): void {
    this.flight.send('open', NO_BYTES);
  }

  /** Takes as much as fits into the window. */
  write(pieces: readonly Uint8Array[]): void {
    this.#written.push(pieces);
    this.#pump();
  }

  /** Sends the end, after everything written. */
  end(): void {
    this.ending = true;
    this.#pump();
  }

  /** Forgets what the system has not taken, and tells the target in the way given, if at all. */
  destroy(how: 'end' | 'reset' | 'silence'): void {
    this.#written.clear();
    if (how === 'reset') this.flight.send('reset', NO_BYTES);
    else if (how === 'end') this.end();
    this.flight.forgetSource();
  }

  /** What one read gives. */
  read(): Uint8Array | undefined {
    const first = this.#arrived.shift();
    if (!first) return undefined;
    const bytes = this.#options.network.engine.chooser ? first : this.#join(first);
    this.#windowUsed -= bytes.length;
    if (this.#written.length > 0) this.#acknowledge();
    return bytes;
  }

  /** Forgets what has arrived: nobody will read it. */
  discard(): void {
    while (this.#arrived.length > 0) this.#windowUsed -= this.#arrived.shift()!.length;
  }

  get #behaviour(): ResolvedNetworkOptions {
    const { network, source, target } = this.#options;
    return network.optionsFor(source.process.kernel, target.process.kernel);
  }

  #pump(): void {
    const { chunkBytes, windowBytes } = this.#behaviour;
    while (this.#written.length > 0 && this.#windowUsed < windowBytes) {
      const cut = chunkBytes === undefined ? MAX_CHUNK_BYTES : this.#prng.magnitude(chunkBytes);
      const length = Math.min(cut, this.#written.length, windowBytes - this.#windowUsed);
      this.#windowUsed += length;
      this.flight.send('bytes', this.#written.take(length));
    }
    if (this.ending && !this.ended && this.#written.length === 0) {
      this.ended = true;
      this.flight.send('end', NO_BYTES);
    }
  }

  #onArrival(segments: readonly Segment[]): void {
    const { target } = this.#options;
    for (const { kind, bytes } of segments) {
      if (kind === 'open') return target.onOpened();
      if (kind === 'reset') return target.onBroken('the other end reset it');
      if (kind === 'end') this.endArrived = true;
      else this.#arrived.push(bytes);
    }
    target.onReadable();
  }

  #join(first: Uint8Array): Uint8Array {
    const { chunkBytes } = this.#behaviour;
    const parts = [first];
    let length = first.length;
    for (let next = this.#arrived.peek(); next; next = this.#arrived.peek()) {
      if (length + next.length > MAX_CHUNK_BYTES) break;
      if (chunkBytes !== undefined && this.#prng.float() < 0.5) break;
      parts.push(next);
      length += next.length;
      this.#arrived.shift();
    }
    if (parts.length === 1) return first;
    const joined = new Uint8Array(length);
    let filled = 0;
    for (const part of parts) {
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  /** The window opens again when the source hears that bytes were read. */
  #acknowledge(): void {
    if (this.#acknowledging) return;
    this.#acknowledging = true;
    const { engine } = this.#options.network;
    engine.schedule(engine.now + this.back.flight.delay(), () => this.#onAcknowledged());
  }

  #onAcknowledged(): void {
    const { network, source } = this.#options;
    const { flight } = this.back;
    this.#acknowledging = false;
    if (!flight.passes) {
      if (!flight.severed) network.hold({ retry: () => this.#acknowledge() });
      return;
    }
    source.process.saw(Sight.acknowledgement, this.#windowUsed);
    if (this.#written.length === 0) return;
    this.#pump();
    if (this.#written.length === 0) source.onTaken();
  }
}
