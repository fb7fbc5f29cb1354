import {
  Driver,
  WholeFrames,
  type CableCarError,
  type ClassicWire,
  type Clock,
  type Connection,
  type ConnectionHandlers,
  type Endpoint,
} from '@cablecar/core-protocol';
import { MergeMachine, type MergeSettings } from './merge-machine.ts';
import type { MergeAction, MergeInput, Side } from './merge-types.ts';
import { UnheardBytes } from './unheard-bytes.ts';

/** What a merged connection is made of. */
export interface MergedConnectionOptions extends Omit<MergeSettings, 'now'> {
  /** The connection that was there first. */
  readonly connection: Connection;
  readonly clock: Clock;
  readonly wire: ClassicWire;
  /** The longest line that is taken. */
  readonly maxMessageBytes: number;
  /** Told what the peer did wrong. Must not throw. */
  readonly onWarning: (error: CableCarError) => void;
}

/** One of the connections that are merged. */
interface Strand {
  readonly connection: Connection;
  readonly frames: WholeFrames;
  readonly unheard: UnheardBytes;
  hasSpoken: boolean;
  /** What the system has not taken: our copies, the writer's own pieces, or nothing. */
  untaken: 'nothing' | 'copies' | 'pieces';
}

/**
 * One or two connections with the same peer as one. What is read are whole frames in the order of their arrival, those
 * of two connections never mixed; what is written goes to the one that the peer uses, as far as that is known.
 * @see docs/protocol.md §9.4
 */
export class MergedConnection implements Connection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #options: MergedConnectionOptions;
  readonly #machine: MergeMachine;
  readonly #driver: Driver<MergeInput, MergeAction, never>;
  readonly #strands = new Map<Side, Strand>();
  #handlers: ConnectionHandlers | undefined;
  /** Waits until it is known where to write it. */
  #held: Uint8Array[] = [];
  #isPaused = false;
  #isDrainOwed = false;
  /** How many connections have not closed yet. */
  #open = 0;
  #closed: { readonly error: CableCarError | undefined } | undefined;

  constructor(options: MergedConnectionOptions) {
    const { connection, clock, first } = options;
    this.#options = options;
    this.local = connection.local;
    this.remote = connection.remote;
    this.#machine = new MergeMachine({ ...options, now: clock.now() });
    this.#driver = new Driver({
      machine: this.#machine,
      clock,
      perform: (action) => this.#perform(action),
      deliver: () => {},
    });
    this.#add(first, connection);
    this.#driver.feed({ kind: 'wake' }); // so that its deadline runs
  }

  get bufferedBytes(): number {
    let bytes = this.#held.reduce((sum, { length }) => sum + length, 0);
    for (const { connection } of this.#strands.values()) bytes += connection.bufferedBytes;
    return bytes;
  }

  /** Takes the second connection with the peer. */
  join(side: Side, connection: Connection): void {
    if (this.#machine.state === 'over') return connection.destroy();
    this.#add(side, connection);
    this.#driver.feed({ kind: 'joined', side });
    if (this.#handlers !== undefined) this.#listen(side);
  }

  attach(handlers: ConnectionHandlers): void {
    const isFirst = this.#handlers === undefined;
    this.#handlers = handlers;
    if (isFirst) for (const side of this.#strands.keys()) this.#listen(side);
  }

  write(pieces: readonly Uint8Array[]): boolean {
    const { state, use } = this.#machine;
    if (state === 'over' || state === 'finishing') return true;
    const strand = use === undefined ? undefined : this.#strands.get(use);
    if (strand === undefined) this.#held.push(...pieces);
    const isTaken = strand !== undefined && this.#writeTo(strand, pieces);
    this.#isDrainOwed ||= !isTaken;
    return isTaken;
  }

  pause(): void {
    this.#isPaused = true;
    for (const { connection } of this.#strands.values()) connection.pause();
  }

  resume(): void {
    this.#isPaused = false;
    for (const { connection } of this.#strands.values()) connection.resume();
  }

  end(): void {
    this.#driver.feed({ kind: 'finish' });
  }

  destroy(): void {
    this.#driver.feed({ kind: 'destroy' });
  }

  #add(side: Side, connection: Connection): void {
    const { wire, maxMessageBytes } = this.#options;
    if (this.#isPaused) connection.pause();
    this.#open++;
    this.#strands.set(side, {
      connection,
      frames: new WholeFrames(wire, maxMessageBytes),
      unheard: new UnheardBytes(),
      hasSpoken: false,
      untaken: 'nothing',
    });
  }

  #listen(side: Side): void {
    const strand = this.#strands.get(side) as Strand;
    strand.connection.attach({
      onChunk: (bytes) => this.#read(side, strand, bytes),
      onDrain: () => {
        strand.untaken = 'nothing';
        this.#drain();
      },
      onEnd: () => this.#driver.feed({ kind: 'ended', side, error: undefined }),
      onClose: (error) => {
        this.#driver.feed({ kind: 'ended', side, error });
        this.#open--;
        this.#tellClose();
      },
    });
  }

  #read(side: Side, strand: Strand, bytes: Uint8Array): void {
    const { onWarning } = this.#options;
    const { frames } = strand;
    const pieces = frames.push(bytes);
    const warning = frames.takeWarning();
    if (warning !== undefined) onWarning(warning);
    for (const piece of pieces) {
      if (!strand.hasSpoken || this.#machine.use !== side) this.#heard(side, strand);
      if (!this.#isOver(side)) this.#handlers?.onChunk(piece);
    }
    const { error } = frames;
    if (error === undefined || this.#isOver(side)) return;
    onWarning(error);
    this.#driver.feed({ kind: 'ended', side, error });
  }

  #isOver(side: Side): boolean {
    return this.#machine.state === 'over' || !this.#strands.has(side);
  }

  #heard(side: Side, strand: Strand): void {
    strand.hasSpoken = true;
    strand.unheard.giveUp();
    this.#driver.feed({ kind: 'spoke', side });
  }

  #perform(action: MergeAction): void {
    switch (action.kind) {
      case 'inherit':
        return this.#use(action.side, this.#otherThan(action.side)?.unheard.pieces ?? []);
      case 'use':
        return this.#use(action.side, []);
      case 'drop':
        this.#strands.get(action.side)?.connection.destroy();
        this.#strands.delete(action.side);
        return this.#drain();
      case 'finish':
        for (const { connection } of this.#strands.values()) connection.end();
        return;
      case 'close':
        this.#closed = action;
        for (const { connection } of this.#strands.values()) connection.destroy();
        this.#driver.stop();
        return;
      default:
        return action satisfies never;
    }
  }

  #use(side: Side, inherited: readonly Uint8Array[]): void {
    const strand = this.#strands.get(side) as Strand;
    const held = this.#held;
    this.#held = [];
    if (inherited.length > 0 || held.length > 0) this.#writeTo(strand, [...inherited, ...held]);
    if (this.#isDrainOwed) this.#options.clock.endOfTurn(() => this.#drain());
  }

  /**
   * Where the peer has not spoken, or may speak elsewhere, it may never read; so copies are written, of which the writer
   * need not be told when the system has them.
   */
  #writeTo(strand: Strand, pieces: readonly Uint8Array[]): boolean {
    const { connection, hasSpoken, unheard } = strand;
    const isCopied = !hasSpoken || this.#strands.size > 1;
    const written = isCopied ? [Buffer.concat(pieces)] : pieces;
    if (!hasSpoken) for (const piece of written) unheard.keep(piece);
    if (connection.write(written)) return true;
    if (strand.untaken !== 'pieces') strand.untaken = isCopied ? 'copies' : 'pieces';
    return false;
  }

  #drain(): void {
    if (!this.#isDrainOwed || this.#held.length > 0 || this.#isWaiting()) return;
    this.#isDrainOwed = false;
    this.#handlers?.onDrain();
  }

  /** Whether the writer has to wait: for the system to take its pieces, or what came before them. */
  #isWaiting(): boolean {
    const { use } = this.#machine;
    return [...this.#strands].some(
      ([side, { untaken }]) => untaken === 'pieces' || (untaken === 'copies' && side === use),
    );
  }

  #otherThan(side: Side): Strand | undefined {
    return this.#strands.get(side === 'ours' ? 'theirs' : 'ours');
  }

  /** Once every connection is gone. */
  #tellClose(): void {
    if (this.#closed !== undefined && this.#open === 0) this.#handlers?.onClose(this.#closed.error);
  }
}
