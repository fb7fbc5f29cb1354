import {
  CableCarError,
  Driver,
  type Link,
  type Message,
  type Millis,
  type OpenFrame,
  within,
  type WaitOptions,
} from '@cablecar/core-protocol';
import { Inbox } from './inbox.ts';
import type { ResolvedMessengerOptions } from './options.ts';
import { Outbox } from './outbox.ts';
import type { RoundTripStats } from './round-trip.ts';
import type { SessionAction, SessionEnd, SessionEvent, SessionInput } from './session-types.ts';
import type { FrameSource, Wire } from './wire.ts';

/** Whom a session tells. None of these may throw. */
export interface SessionListener {
  /** A message arrived while `direct` is set. */
  onMessage(message: Message): void;
  /** Messages were put into the inbox. */
  onArrival(): void;
  /** Enough of what was sent has gone for more to be sent. */
  onDrain(): void;
  onWarning(error: CableCarError): void;
  /** The peer is silent or away. */
  onSuspect(): void;
  /** It is back; nothing was lost. */
  onResume(): void;
  /** The end; last of all calls. */
  onClose(end: SessionEnd): void;
}

/** Someone who waits until the peer has acknowledged message number `upTo`. */
interface FlushWaiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: CableCarError) => void;
}

/**
 * The shell of a session: carries bytes between the link, the outbox and the inbox, and runs the wire's rules.
 * It has no rules of its own.
 */
export class Session {
  /** Whether messages go to `onMessage` instead of the inbox. */
  direct = false;
  /** Set once the session has ended. */
  closed: SessionEnd | undefined;
  readonly inbox: Inbox = new Inbox();
  readonly outbox: Outbox;
  received = 0;
  receivedBytes = 0;
  skipped = 0;

  readonly #link: Link;
  readonly #wire: Wire;
  readonly #options: ResolvedMessengerOptions;
  readonly #listener: SessionListener;
  readonly #driver: Driver<SessionInput, SessionAction, SessionEvent>;
  readonly #controls: Uint8Array[] = [];
  #flushWaiters: FlushWaiter[] = [];
  #closing = false;
  #endWanted = false;
  #flushScheduled = false;
  /** The link asked to wait for its drain. */
  #blocked = false;
  #paused = false;
  #chunkMessages = 0;
  #chunkBytes = 0;
  #chunkTaken = 0;
  #chunkTakenBytes = 0;
  #taken = 0;
  #takenBytes = 0;
  #takenScheduled = false;

  constructor(
    link: Link,
    wire: Wire,
    options: ResolvedMessengerOptions,
    listener: SessionListener,
  ) {
    this.#link = link;
    this.#wire = wire;
    this.#options = options;
    this.#listener = listener;
    this.outbox = new Outbox(
      { highWaterBytes: options.outboxBytes, limitBytes: options.outboxLimitBytes },
      (message, writer) => wire.encode(message, writer),
    );
    this.#driver = new Driver({
      machine: wire.rules,
      clock: link.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#tell(event),
    });
  }

  get roundTrip(): RoundTripStats {
    return this.#wire.rules.roundTrip;
  }

  /** Begins; separate from the constructor so that the listener is complete by then. */
  start(): void {
    this.#driver.feed({ kind: 'start' });
    this.#link.attach({
      onChunk: (bytes) => this.#onChunk(bytes),
      onDrain: () => this.#onDrain(),
      onEnd: () => this.#driver.feed({ kind: 'ended' }),
      onDown: () => this.#driver.feed({ kind: 'down' }),
      onUp: () => this.#driver.feed({ kind: 'up' }),
      onClose: (error) => this.#driver.feed({ kind: 'lost', error }),
    });
  }

  /** Appends a message for the end of the turn; false asks to wait for `onDrain`. */
  send(message: Message): boolean {
    if (this.#closing || this.closed) throw this.#closedError('send()');
    const below = this.outbox.append(message);
    this.#scheduleFlush();
    return below;
  }

  /** Writes what may go, now. */
  writeNow(): void {
    const pieces = this.#blocked ? [] : this.outbox.take();
    pieces.push(...this.#controls.splice(0));
    if (pieces.length > 0 && !this.#link.write(pieces)) this.#blocked = true;
    // Without acknowledgements, what the system has taken counts as received.
    if (this.#wire.flow === 'pause' && !this.#blocked) this.#acknowledge(this.outbox.appended);
    if (!this.#endWanted || this.#blocked) return;
    this.#endWanted = false;
    this.#link.end();
  }

  /** Resolves when the peer has received everything sent so far. */
  flush(options: WaitOptions): Promise<void> {
    const upTo = this.outbox.appended;
    if (this.outbox.acknowledged >= upTo) return Promise.resolve();
    if (this.closed) return Promise.reject(this.#closedError('flush()'));
    let waiter: FlushWaiter | undefined;
    const acknowledged = new Promise<void>((resolve, reject) => {
      waiter = { upTo, resolve, reject };
      this.#flushWaiters.push(waiter);
    });
    this.#driver.feed({ kind: 'flush' });
    return within(acknowledged, 'the acknowledgement', this.#link.clock, options).finally(() => {
      this.#flushWaiters = this.#flushWaiters.filter((other) => other !== waiter);
    });
  }

  /** Sends what is left, says goodbye, and ends. */
  close(flushTimeoutMs: Millis, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#account(); // a listener may close in the middle of a chunk
    this.#driver.feed({ kind: 'close', sent: this.outbox.appended, flushTimeoutMs, reason });
  }

  /** Ends at once; what is unsent is lost. */
  destroy(): void {
    this.#closing = true;
    this.#driver.feed({ kind: 'destroy' });
  }

  /** Takes one frame out of the inbox, which must not be empty; undefined when it was no message of ours. */
  takeOne(): Message | undefined {
    this.#taken++;
    this.#takenBytes += this.inbox.frontSize();
    if (!this.#takenScheduled) {
      this.#takenScheduled = true;
      this.#link.clock.endOfTurn(() => this.#reportTaken());
    }
    return this.inbox.shift(this.#decode);
  }

  readonly #decode = (
    type: number,
    bytes: Buffer,
    start: number,
    end: number,
  ): Message | undefined => {
    const message = this.#wire.decode(type, bytes, start, end);
    if (message !== undefined && !(message instanceof CableCarError)) return message;
    this.skipped++;
    if (message !== undefined) this.#listener.onWarning(message);
    return undefined;
  };

  #onChunk(chunk: Uint8Array): void {
    const { frames, firstMessageType } = this.#wire;
    const { length } = this.inbox;
    frames.push(chunk);
    while (!this.closed && frames.next()) {
      if (frames.type >= firstMessageType) {
        this.#onMessageFrame(frames);
      } else {
        const { type, bytes, start, end } = frames;
        this.#account(); // the rules hear of things in their order
        this.#driver.feed({ kind: 'control', type, bytes, start, end });
      }
    }
    this.#account();
    const warning = frames.takeWarning?.();
    if (warning !== undefined) this.#listener.onWarning(warning);
    if (frames.error !== undefined) this.#driver.feed({ kind: 'fault', error: frames.error });
    if (this.inbox.length > length) this.#arrived();
  }

  #onMessageFrame({ type, bytes, start, end, frameBytes }: FrameSource): void {
    this.#chunkMessages++;
    this.#chunkBytes += frameBytes;
    if (!this.direct || this.inbox.length > 0) {
      this.inbox.push(type, bytes, start, end, frameBytes);
      return;
    }
    this.#chunkTaken++;
    this.#chunkTakenBytes += frameBytes;
    const message = this.#decode(type, bytes, start, end);
    if (message !== undefined) this.#listener.onMessage(message);
  }

  /** Tells the rules what came since they were told last; also when nothing did, for that is life as well. */
  #account(): void {
    const input = {
      kind: 'received',
      messages: this.#chunkMessages,
      bytes: this.#chunkBytes,
      taken: this.#chunkTaken,
      takenBytes: this.#chunkTakenBytes,
    } as const;
    this.received += input.messages;
    this.receivedBytes += input.bytes;
    this.#chunkMessages = this.#chunkBytes = this.#chunkTaken = this.#chunkTakenBytes = 0;
    this.#driver.feed(input);
  }

  #arrived(): void {
    const { inboxMessages, inboxBytes } = this.#options;
    const full = this.inbox.length >= inboxMessages || this.inbox.bytes >= inboxBytes;
    if (full && this.#wire.flow === 'pause' && !this.#paused) {
      this.#paused = true;
      this.#link.pause();
    }
    this.#listener.onArrival();
  }

  #reportTaken(): void {
    this.#takenScheduled = false;
    const input = { kind: 'taken', messages: this.#taken, bytes: this.#takenBytes } as const;
    this.#taken = this.#takenBytes = 0;
    this.#driver.feed(input);
    const { inboxMessages, inboxBytes } = this.#options;
    const low = this.inbox.length <= inboxMessages / 2 && this.inbox.bytes <= inboxBytes / 2;
    if (this.#paused && low) {
      this.#paused = false;
      this.#link.resume();
    }
  }

  #perform(action: SessionAction): void {
    switch (action.kind) {
      case 'control':
        this.#controls.push(action.bytes);
        return this.#scheduleFlush();
      case 'opened':
        return this.#opened(action.open);
      case 'grant':
        this.outbox.grant(action.messages, action.bytes);
        return this.#scheduleFlush();
      case 'acknowledged':
        return this.#acknowledge(action.messages);
      case 'suspend':
        return this.#suspend();
      case 'reconnect':
        return this.#link.reconnect();
      case 'end':
        this.#endWanted = true;
        return this.#scheduleFlush();
      case 'destroy':
        return this.#link.destroy();
    }
  }

  #opened(open: OpenFrame): void {
    const learned = this.#wire.opened(open) ?? [];
    if (learned instanceof CableCarError) this.#driver.feed({ kind: 'fault', error: learned });
    else for (const problem of learned) this.#listener.onWarning(problem);
  }

  #acknowledge(messages: number): void {
    if (messages > this.outbox.appended) {
      const seen = `the peer acknowledged message ${messages}, expected at most ${this.outbox.appended}`;
      this.#driver.feed({ kind: 'fault', error: new CableCarError('ERR_FRAME', seen) });
      return;
    }
    const drained = this.outbox.acknowledge(messages);
    for (const waiter of this.#flushWaiters) if (messages >= waiter.upTo) waiter.resolve();
    if (drained && !this.#closing) this.#listener.onDrain();
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    this.#link.clock.endOfTurn(() => {
      this.#flushScheduled = false;
      this.writeNow();
    });
  }

  #onDrain(): void {
    this.#blocked = false;
    this.#scheduleFlush();
  }

  #suspend(): void {
    this.#wire.reset();
    this.outbox.rewind();
    this.#controls.length = 0;
    this.#blocked = false;
  }

  #tell(event: SessionEvent): void {
    switch (event.kind) {
      case 'suspect':
        return this.#listener.onSuspect();
      case 'resume':
        return this.#listener.onResume();
      case 'end':
        return this.#end(event);
    }
  }

  #end(end: SessionEnd): void {
    this.closed = end;
    const error = this.#closedError('flush()');
    for (const waiter of this.#flushWaiters) waiter.reject(error);
    this.#listener.onClose(end);
  }

  #closedError(call: string): CableCarError {
    const why = this.closed ? this.closed.reason : 'close() was called';
    return new CableCarError('ERR_CLOSED', `${call} after the end (${why}), expected it before`, {
      cause: this.closed?.error,
    });
  }
}
