import {
  CableCarError,
  Driver,
  type Link,
  type Message,
  type Millis,
  type OpenFrame,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { SendOptions } from './delivery.ts';
import { Inflow } from './inflow.ts';
import { noted } from './noted.ts';
import { Outflow } from './outflow.ts';
import type { RoundTripStats } from './round-trip.ts';
import type { SessionListener } from './session-listener.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionAction, SessionEnd, SessionEvent, SessionInput } from './session-types.ts';
import { SessionStats } from './stats.ts';
import { Verification } from './verification.ts';
import type { Wire } from './wire.ts';

/**
 * The shell of a session: carries bytes between the link and what flows in and out, and runs the wire's rules.
 * It has no rules of its own.
 */
export class Session {
  readonly inflow: Inflow;
  readonly outflow: Outflow;
  readonly verification: Verification;
  readonly stats: SessionStats;
  /** Set once the session has ended. */
  closed: SessionEnd | undefined;
  readonly #link: Link;
  readonly #wire: Wire;
  readonly #listener: SessionListener;
  readonly #driver: Driver<SessionInput, SessionAction, SessionEvent>;
  #isClosing = false;

  constructor(parts: SessionParts, told: SessionListener) {
    const { link, wire, options } = parts;
    const listener = noted(told, link, options.observer);
    this.#link = link;
    this.#wire = wire;
    this.#listener = listener;
    this.#driver = new Driver({
      machine: wire.rules,
      clock: link.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#tell(event),
    });
    this.outflow = new Outflow(parts, {
      onDrain: () => {
        if (!this.#isClosing) listener.onDrain();
      },
      onReceiptWanted: () => this.#driver.feed({ kind: 'flush' }),
      onDelivered: () => {
        if (this.#isClosing) this.#driver.feed({ kind: 'delivered' });
      },
    });
    this.inflow = new Inflow(parts, {
      onInput: (input) => {
        this.#driver.feed(input);
        if (input.kind !== 'control' || this.closed) return;
        this.verification.take(input);
        this.stats.heardControl();
      },
      onMessage: (message) => listener.onMessage(message),
      onArrival: () => listener.onArrival(),
      onWarning: (error) => listener.onWarning(error),
    });
    this.verification = new Verification(link, {
      onFrame: (bytes) => this.outflow.control(bytes),
      onAsked: () => listener.onVerify(),
      onFault: (error) => this.#driver.feed({ kind: 'fault', error }),
    });
    this.stats = new SessionStats(this, link.clock);
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
      onSighted: () => this.#driver.feed({ kind: 'sighted' }),
      onClose: (error) => this.#driver.feed({ kind: 'lost', error }),
    });
  }

  /** Appends a message for the end of the turn; false asks to wait for `onDrain`. */
  send(message: Message, options?: SendOptions): boolean {
    if (this.#isClosing || this.closed) throw this.#closedError('send()');
    return this.outflow.send(message, options);
  }

  /** Resolves when the peer has received everything sent so far. */
  flush(options: WaitOptions): Promise<void> {
    if (this.outflow.outbox.pendingMessages === 0) return Promise.resolve();
    if (this.closed) return Promise.reject(this.#closedError('flush()'));
    return this.outflow.flushed(options);
  }

  /** The code to be compared with the peer's, once both ends have asked for it. */
  verify(options: WaitOptions): Promise<string> {
    if (this.#isClosing || this.closed) return Promise.reject(this.#closedError('verify()'));
    return this.verification.ask(options);
  }

  /** Sends what is left, says goodbye, and ends. */
  close(flushTimeoutMs: Millis, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.inflow.account(); // a listener may close in the middle of a chunk
    const isDelivered = this.outflow.outbox.pendingMessages === 0;
    if (!isDelivered) this.outflow.wantReceipt();
    this.#driver.feed({ kind: 'close', isDelivered, flushTimeoutMs, reason });
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
        this.verification.open();
        return this.outflow.grant(action.messages, action.bytes);
      case 'acknowledged':
        return this.#acknowledged(action.messages);
      case 'suspend':
        this.#wire.reset();
        this.verification.abandon(suspended());
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
    if (largestBytes <= open.maxMessageBytes) return;
    const seen = `a message of ${largestBytes} bytes was sent before the peer said that it takes ${open.maxMessageBytes}`;
    this.#fail(new CableCarError('ERR_MESSAGE_TOO_LARGE', `${seen}, expected no more than that`));
  }

  #fail(error: CableCarError): void {
    this.outflow.mute();
    this.#driver.feed({ kind: 'fault', error });
  }

  #acknowledged(received: number): void {
    const { numbered } = this.outflow.outbox.sequence;
    if (received <= numbered) return this.outflow.acknowledge(received);
    const seen = `the peer acknowledged frame ${received}, expected at most ${numbered}`;
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
    this.inflow.isClosed = true;
    this.outflow.giveUp(this.#closedError('flush()'));
    this.verification.abandon(this.#closedError('verify()'));
    this.#listener.onClose(end);
  }

  #closedError(call: string): CableCarError {
    const why = this.closed ? this.closed.reason : 'close() was called';
    return new CableCarError('ERR_CLOSED', `${call} after the end (${why}), expected it before`, {
      cause: this.closed?.error,
    });
  }
}

function suspended(): CableCarError {
  const sentence = 'the connection was lost in a verification, expected it to last; verify again';
  return new CableCarError('ERR_CONNECTION_LOST', sentence);
}
