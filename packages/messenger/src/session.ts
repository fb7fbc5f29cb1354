import {
  CableCarError,
  Driver,
  type Link,
  type LinkHandlers,
  type Message,
  type Millis,
  type Observer,
  type OpenFrame,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { SendOptions } from './delivery.ts';
import { Inflow, type InflowListener } from './inflow.ts';
import { Outflow, type OutflowListener } from './outflow.ts';
import type { RoundTripStats } from './round-trip.ts';
import * as fault from './session-faults.ts';
import type { SessionListener } from './session-listener.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionAction, SessionEnd, SessionEvent, SessionInput } from './session-types.ts';
import { SessionStats } from './stats.ts';
import { Verification, type VerificationListener } from './verification.ts';
import type { Wire } from './wire.ts';

/**
 * The shell of a session: carries bytes between the link and what flows in and out, and runs the wire's rules.
 * It has no rules of its own. It hears of all itself, where each of thousands of peers would have a score of closures.
 */
export class Session
  implements LinkHandlers, InflowListener, OutflowListener, VerificationListener
{
  readonly inflow: Inflow;
  readonly outflow: Outflow;
  readonly verification: Verification;
  readonly stats: SessionStats;
  /** Set once the session has ended. */
  closed: SessionEnd | undefined;
  readonly #link: Link;
  readonly #wire: Wire;
  readonly #listener: SessionListener;
  readonly #observer: Observer;
  readonly #driver: Driver<SessionInput, SessionAction, SessionEvent>;
  #isClosing = false;

  constructor(parts: SessionParts, listener: SessionListener) {
    const { link, wire, options } = parts;
    this.#link = link;
    this.#wire = wire;
    this.#listener = listener;
    this.#observer = options.observer;
    this.#driver = new Driver({
      machine: wire.rules,
      clock: link.clock,
      perform: (action) => this.#perform(action),
      deliver: (event) => this.#tell(event),
    });
    this.outflow = new Outflow(parts, this);
    this.inflow = new Inflow(parts, this);
    this.verification = new Verification(link, this);
    this.stats = new SessionStats(this, link.clock);
  }

  get roundTrip(): RoundTripStats {
    return this.#wire.rules.roundTrip;
  }

  /** Begins; apart from the constructor, so that the listener is complete by then. */
  start(): void {
    this.#begin('start');
    this.#link.attach(this);
  }

  onChunk(bytes: Uint8Array): void {
    this.inflow.push(bytes);
  }

  onDrain(): void {
    this.outflow.drained();
  }

  onEnd(): void {
    this.#driver.feed({ kind: 'ended' });
  }

  onDown(): void {
    this.#driver.feed({ kind: 'down' });
  }

  onUp(): void {
    this.#begin('up');
  }

  onSighted(): void {
    this.#driver.feed({ kind: 'sighted' });
  }

  onClose(error?: CableCarError): void {
    this.#driver.feed({ kind: 'lost', error });
  }

  onInput(input: SessionInput): void {
    this.#driver.feed(input);
    if (input.kind !== 'control' || this.closed) return;
    this.verification.take(input);
    this.stats.heardControl();
  }

  onMessage(message: Message): void {
    this.#listener.onMessage(message);
  }

  onArrival(): void {
    this.#listener.onArrival();
  }

  onWarning(error: CableCarError): void {
    this.#observer.note({ kind: 'warning', peer: this.#link.peer, error });
    this.#listener.onWarning(error);
  }

  onRelief(): void {
    if (!this.#isClosing) this.#listener.onDrain();
  }

  onReceiptWanted(): void {
    this.#driver.feed({ kind: 'flush' });
  }

  onDelivered(): void {
    if (this.#isClosing) this.#driver.feed({ kind: 'delivered' });
  }

  onFrame(bytes: Uint8Array): void {
    this.outflow.control(bytes);
  }

  onAsked(): void {
    this.#listener.onVerify();
  }

  onFault(error: CableCarError): void {
    this.outflow.mute();
    this.#driver.feed({ kind: 'fault', error });
  }

  /** Appends a message for the end of the turn; false asks to wait for `onDrain`. */
  send(message: Message, options?: SendOptions): boolean {
    if (this.#isClosing || this.closed) throw fault.calledTooLate('send()', this.closed);
    return this.outflow.send(message, options);
  }

  /** Resolves when the peer has received everything sent so far. */
  flush(options: WaitOptions): Promise<void> {
    if (this.outflow.outbox.pendingMessages === 0) return Promise.resolve();
    if (this.closed) return Promise.reject(fault.calledTooLate('flush()', this.closed));
    return this.outflow.flushed(options);
  }

  /** The code to be compared with the peer's, once both ends have asked for it. */
  verify(options: WaitOptions): Promise<string> {
    if (this.#isClosing || this.closed)
      return Promise.reject(fault.calledTooLate('verify()', this.closed));
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
        this.verification.abandon(fault.verificationCut());
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
    if (learned instanceof CableCarError) return this.onFault(learned);
    for (const problem of learned) this.onWarning(problem);
    const { largestBytes } = this.outflow.outbox;
    if (largestBytes > open.maxMessageBytes)
      this.onFault(fault.sentTooLarge(largestBytes, open.maxMessageBytes));
  }

  #acknowledged(received: number): void {
    const { numbered } = this.outflow.outbox.sequence;
    if (received <= numbered) this.outflow.acknowledge(received);
    else this.onFault(fault.acknowledgedMore(received, numbered));
  }

  #tell(event: SessionEvent): void {
    switch (event.kind) {
      case 'suspect':
        this.#observer.note({ kind: 'suspect', peer: this.#link.peer });
        return this.#listener.onSuspect();
      case 'resume':
        this.#observer.note({ kind: 'resume', peer: this.#link.peer });
        return this.#listener.onResume();
      case 'end':
        return this.#end(event);
    }
  }

  #end(end: SessionEnd): void {
    this.closed = end;
    this.inflow.isClosed = true;
    this.outflow.giveUp(fault.calledTooLate('flush()', this.closed));
    this.verification.abandon(fault.calledTooLate('verify()', this.closed));
    const { code, error } = end;
    this.#observer.note({ kind: 'lost', peer: this.#link.peer, code, error });
    this.#listener.onClose(end);
  }
}
