import {
  CableCarError,
  Driver,
  type Link,
  type Message,
  type Millis,
  type OpenFrame,
  type WaitOptions,
} from '@cablecar/core-protocol';
import { Inflow, type InflowListener } from './inflow.ts';
import { Outflow } from './outflow.ts';
import type { RoundTripStats } from './round-trip.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionAction, SessionEnd, SessionEvent, SessionInput } from './session-types.ts';
import type { Wire } from './wire.ts';

/** Whom a session tells. None of these may throw. */
export interface SessionListener extends Omit<InflowListener, 'onInput' | 'isClosed'> {
  /** Enough of what was sent has gone for more to be sent. */
  onDrain(): void;
  /** The peer is silent or away. */
  onSuspect(): void;
  /** It is back; nothing was lost. */
  onResume(): void;
  /** The end; last of all calls. */
  onClose(end: SessionEnd): void;
}

/**
 * The shell of a session: carries bytes between the link and what flows in and out, and runs the wire's rules.
 * It has no rules of its own.
 */
export class Session {
  readonly inflow: Inflow;
  readonly outflow: Outflow;
  /** Set once the session has ended. */
  closed: SessionEnd | undefined;
  readonly #link: Link;
  readonly #wire: Wire;
  readonly #listener: SessionListener;
  readonly #driver: Driver<SessionInput, SessionAction, SessionEvent>;
  #isClosing = false;

  constructor(parts: SessionParts, listener: SessionListener) {
    const { link, wire } = parts;
    this.#link = link;
    this.#wire = wire;
    this.#listener = listener;
    this.#driver = new Driver({
      machine: wire.rules,
      clock: link.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#tell(event),
    });
    this.outflow = new Outflow(parts, () => {
      if (!this.#isClosing) listener.onDrain();
    });
    this.inflow = new Inflow(parts, {
      onInput: (input) => this.#driver.feed(input),
      onMessage: (message) => listener.onMessage(message),
      onArrival: () => listener.onArrival(),
      onWarning: (error) => listener.onWarning(error),
      isDirect: () => listener.isDirect(),
      isClosed: () => this.closed !== undefined,
    });
  }

  get roundTrip(): RoundTripStats {
    return this.#wire.rules.roundTrip;
  }

  /** Begins; apart from the constructor, so that the listener is complete by then. */
  start(): void {
    this.#begin('start');
    this.#link.attach({
      onChunk: (bytes) => this.inflow.push(bytes),
      onDrain: () => this.outflow.drained(),
      onEnd: () => this.#driver.feed({ kind: 'ended' }),
      onDown: () => this.#driver.feed({ kind: 'down' }),
      onUp: () => this.#begin('up'),
      onClose: (error) => this.#driver.feed({ kind: 'lost', error }),
    });
  }

  /** Appends a message for the end of the turn; false asks to wait for `onDrain`. */
  send(message: Message): boolean {
    if (this.#isClosing || this.closed) throw this.#closedError('send()');
    return this.outflow.send(message);
  }

  /** Resolves when the peer has received everything sent so far. */
  flush(options: WaitOptions): Promise<void> {
    if (this.outflow.outbox.pendingMessages === 0) return Promise.resolve();
    if (this.closed) return Promise.reject(this.#closedError('flush()'));
    const flushed = this.outflow.flushed(options);
    this.#driver.feed({ kind: 'flush' });
    return flushed;
  }

  /** Sends what is left, says goodbye, and ends. */
  close(flushTimeoutMs: Millis, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.inflow.account(); // a listener may close in the middle of a chunk
    const sent = this.outflow.outbox.appended;
    this.#driver.feed({ kind: 'close', sent, flushTimeoutMs, reason });
  }

  /** Ends at once; what is unsent is lost. */
  destroy(): void {
    this.#isClosing = true;
    this.#driver.feed({ kind: 'destroy' });
  }

  /** Begins on a new connection. Written at once, so that no message that may go in this turn is before it. */
  #begin(kind: 'start' | 'up'): void {
    this.#driver.feed({ kind });
    this.outflow.writeNow();
  }

  #perform(action: SessionAction): void {
    switch (action.kind) {
      case 'control':
        return this.outflow.control(action.bytes);
      case 'opened':
        return this.#opened(action.open);
      case 'grant':
        return this.outflow.grant(action.messages, action.bytes);
      case 'acknowledged':
        return this.#acknowledged(action.messages);
      case 'suspend':
        this.#wire.reset();
        return this.outflow.suspend();
      case 'reconnect':
        return this.#link.reconnect();
      case 'end':
        return this.outflow.end();
      case 'destroy':
        return this.#link.destroy();
    }
  }

  #opened(open: OpenFrame): void {
    const learned = this.#wire.opened(open) ?? [];
    if (learned instanceof CableCarError) return this.#fail(learned);
    for (const problem of learned) this.#listener.onWarning(problem);
    const { largestBytes } = this.outflow.outbox;
    if (largestBytes <= open.maxFrameBytes) return;
    const seen = `a message of ${largestBytes} bytes was sent before the peer said that it takes ${open.maxFrameBytes}`;
    this.#fail(new CableCarError('ERR_MESSAGE_TOO_LARGE', `${seen}, expected no more than that`));
  }

  #fail(error: CableCarError): void {
    this.outflow.mute();
    this.#driver.feed({ kind: 'fault', error });
  }

  #acknowledged(messages: number): void {
    const { appended } = this.outflow.outbox;
    if (messages <= appended) return this.outflow.acknowledge(messages);
    const seen = `the peer acknowledged message ${messages}, expected at most ${appended}`;
    this.#fail(new CableCarError('ERR_FRAME', seen));
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
    this.outflow.giveUp(this.#closedError('flush()'));
    this.#listener.onClose(end);
  }

  #closedError(call: string): CableCarError {
    const why = this.closed ? this.closed.reason : 'close() was called';
    return new CableCarError('ERR_CLOSED', `${call} after the end (${why}), expected it before`, {
      cause: this.closed?.error,
    });
  }
}
