import {
  CableCarError,
  type Connection,
  type ConnectionHandlers,
  type Endpoint,
  formatEndpoint,
  type Timer,
} from '@cablecar/core-protocol';
import type { PipeEnd } from './flight.ts';
import type { WorldEventKind } from './journal.ts';
import type { Place } from './network.ts';
import type { Pipe } from './pipe.ts';
import type { ShownIds, SimConnectionOptions } from './sim-connection-options.ts';
import { type Farewell, type Handle, type Process, Sight } from './process.ts';

/** One end of a connection: the port `Connection` over two pipes. */
export class SimConnection implements Connection, PipeEnd, Handle {
  readonly kind = 'connection';
  readonly id: string;
  readonly process: Process;
  readonly place: Place;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly shown: ShownIds;
  readonly #options: SimConnectionOptions;
  #out!: Pipe;
  #in!: Pipe;
  #handlers: ConnectionHandlers | undefined;
  #paused = false;
  /** A read is under way: scheduled, or put off until the host runs again. */
  #reading = false;
  #drainWanted = false;
  /** Runs while the other end may still finish. */
  #endTimer: Timer | undefined;
  #vanished = false;
  /** The listener that was told of the end, and the one that was told of the close. */
  #endToldTo: ConnectionHandlers | undefined;
  #closeToldTo: ConnectionHandlers | undefined;
  /** It broke, but what had arrived before can be read. */
  #broken: CableCarError | undefined;
  #closed: { readonly error: CableCarError | undefined } | undefined;

  constructor(options: SimConnectionOptions) {
    this.#options = options;
    this.id = options.id;
    this.process = options.process;
    this.place = { kernel: options.process.kernel, address: options.local.host };
    this.local = options.local;
    this.remote = options.remote;
    this.shown = options.shown;
  }

  get detail(): string {
    return `${this.id} ${formatEndpoint(this.local)} → ${formatEndpoint(this.remote)}`;
  }

  get presence(): PipeEnd['presence'] {
    if (this.process.vanished) return 'silent';
    return this.#closed || !this.process.alive ? 'gone' : 'here';
  }

  get bufferedBytes(): number {
    this.process.saw(Sight.answer, this.#out.writtenBytes);
    return this.#out.writtenBytes;
  }

  /** Lays the pipes, before anything else happens. */
  lay(out: Pipe, back: Pipe): void {
    this.#out = out;
    this.#in = back;
  }

  attach(handlers: ConnectionHandlers): void {
    this.#handlers = handlers;
    if (this.#closed) this.process.enterSoon(() => this.#tellClose());
    else this.#readSoon();
  }

  write(pieces: readonly Uint8Array[]): boolean {
    if (this.presence !== 'here' || this.#out.ending) return true;
    if (this.#broken) {
      this.#closeSoon(this.#broken); // the system tells a writer without being asked to read
      return true;
    }
    this.#out.write(pieces);
    this.#tell('written', undefined, `${this.#out.waitingBytes} B are not read yet`);
    const waiting = this.bufferedBytes;
    if (waiting > 0) this.#drainWanted = true;
    // What an earlier write left over has gone with this one; who was told to wait is owed the drain all the same.
    else if (this.#drainWanted) this.process.enterSoon(() => this.onTaken());
    return waiting === 0;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#readSoon();
  }

  end(): void {
    if (this.presence !== 'here' || this.#out.ending) return;
    this.#out.end();
    this.#closeIfEnded();
  }

  destroy(): void {
    if (this.presence !== 'here') return;
    const { destroyAs } = this.#options.settings;
    this.#leave(destroyAs === 'reset' && !this.#out.ending ? 'reset' : 'close');
    this.#closeSoon(undefined);
  }

  abandon(farewell: Farewell): void {
    this.#vanished = farewell === 'vanish';
    this.#leave(farewell);
    this.#release();
  }

  onOpened(): void {
    if (this.presence === 'here') this.#options.onOpened?.();
  }

  onReadable(): void {
    if (this.presence !== 'here') {
      // Nobody will read it, and the system says so; of an end it does only if it never heard of the connection.
      if (!this.#in.hasArrived && !this.#vanished) return;
      this.#in.discard();
      this.#out.destroy('reset');
    } else if (this.#wantsToRead()) {
      this.#reading = true;
      this.process.enter(() => this.#read());
    }
  }

  onTaken(): void {
    this.#closeIfEnded();
    if (!this.#drainWanted) return;
    this.#drainWanted = false;
    this.process.enter(() => {
      if (!this.#closed) this.#handlers?.onDrain();
    });
  }

  onBroken(reason: string): void {
    if (this.presence !== 'here' || this.#broken) return;
    const seen = `the connection to ${formatEndpoint(this.remote)} broke (${reason})`;
    const sentence = `${seen}, expected it to be closed in order`;
    const error = new CableCarError('ERR_CONNECTION_LOST', sentence);
    this.#out.destroy('silence');
    const listens = this.#handlers !== undefined && !this.#paused;
    // Systems differ in whether who does not read learns of it at once, without what had arrived, or after reading.
    if (this.#in.hasArrived && (listens || this.process.chance.float() < 0.5)) {
      this.#broken = error;
      return;
    }
    this.#close(error);
    this.process.enter(() => this.#tellClose());
  }

  #wantsToRead(): boolean {
    return this.#handlers !== undefined && !this.#paused && !this.#reading;
  }

  #readSoon(): void {
    if (!this.#wantsToRead()) return;
    if (!this.#in.hasArrived && !this.#broken && !this.#owesEnd()) return;
    this.#reading = true;
    this.process.enterSoon(() => this.#read());
  }

  /** One read, which is one turn. */
  #read(): void {
    this.#reading = false;
    if (this.#closed || !this.#handlers || this.#paused) return;
    this.process.saw(Sight.read, this.id);
    const bytes = this.#in.read();
    if (bytes) {
      this.#tell('chunk', bytes);
      this.#handlers.onChunk(bytes);
    } else if (this.#broken) {
      this.#close(this.#broken);
      this.#tellClose();
      return;
    } else if (this.#owesEnd()) {
      this.#endToldTo = this.#handlers;
      this.#tell('end');
      this.#handlers.onEnd();
      this.#closeIfEnded();
    }
    if (!this.#closed) this.#readSoon();
  }

  /** Whether the end has come and the present listener was not told. */
  #owesEnd(): boolean {
    return this.#in.endArrived && this.#endToldTo !== this.#handlers;
  }

  #closeIfEnded(): void {
    const { endTimeoutMs = Infinity } = this.#options.settings;
    if (!this.#out.ended) return;
    if (this.#endToldTo) this.#closeSoon(undefined);
    else if (endTimeoutMs < Infinity) {
      this.#endTimer ??= this.process.setTimer(endTimeoutMs, () => this.destroy());
    }
  }

  #leave(farewell: Farewell): void {
    if (farewell === 'vanish') this.#out.destroy('silence');
    else if (farewell === 'reset' || this.#in.hasArrived) this.#out.destroy('reset');
    else this.#out.destroy('end');
    this.#in.discard();
  }

  #closeSoon(error: CableCarError | undefined): void {
    if (this.#closed) return;
    this.#close(error);
    this.process.enterSoon(() => this.#tellClose());
  }

  #close(error: CableCarError | undefined): void {
    this.#closed = { error };
    this.#in.discard();
    this.#release();
  }

  #release(): void {
    this.#endTimer?.cancel();
    this.process.handles.delete(this);
    this.#options.onGone();
  }

  #tellClose(): void {
    if (!this.#closed || !this.#handlers || this.#closeToldTo === this.#handlers) return;
    this.#closeToldTo = this.#handlers;
    const { error } = this.#closed;
    this.process.saw(Sight.closed, this.id);
    this.#tell('close', undefined, error?.message);
    this.#handlers.onClose(error);
  }

  #tell(kind: WorldEventKind, bytes?: Uint8Array, detail?: string): void {
    const { network } = this.#options;
    if (!network.journal.wants(kind)) return;
    network.tell(kind, this.process.id, { connection: this.id, bytes, detail });
  }
}
