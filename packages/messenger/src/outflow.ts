import {
  within,
  type CableCarError,
  type Link,
  type Message,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { SendOptions } from './delivery.ts';
import { Outbox, type OutboxMark } from './outbox.ts';
import type { SessionParts } from './session-parts.ts';

/** Someone who waits until the peer has acknowledged what was sent up to a mark. */
interface FlushWaiter {
  readonly mark: OutboxMark;
  readonly resolve: () => void;
  readonly reject: (error: CableCarError) => void;
}

/** Whom an outflow tells. None of these may throw. */
export interface OutflowListener {
  /** Enough has gone for more to be sent. */
  onRelief(): void;
  /** Somebody wants to know that all has been received, and the last of it is about to be written. */
  onReceiptWanted(): void;
  /** Nothing that was sent waits for the peer any more. */
  onDelivered(): void;
}

/** Everything on its way out: the outbox, the control frames, and who waits for them to arrive. */
export class Outflow {
  readonly outbox: Outbox;
  readonly #link: Link;
  /** Without acknowledgements, what the system has taken counts as received. */
  readonly #acknowledgesItself: boolean;
  readonly #listener: OutflowListener;
  readonly #controls: Uint8Array[] = [];
  #waiters: FlushWaiter[] = [];
  #isScheduled = false;
  #isReceiptWanted = false;
  #isEndWanted = false;
  /** The link asked to wait for its drain. */
  #isBlocked = false;
  #isMuted = false;
  /** The link was blocked, and not everything has been written since. */
  #isHeldUp = false;

  constructor({ link, wire, options }: SessionParts, listener: OutflowListener) {
    this.#link = link;
    this.#acknowledgesItself = wire.flow === 'pause';
    this.#listener = listener;
    this.outbox = new Outbox(
      { highWaterBytes: options.outboxBytes, limitBytes: options.outboxLimitBytes },
      {
        cuts: wire.parts !== undefined,
        now: () => link.clock.now(),
        encode: (message, writer) => wire.encode(message, writer),
        // What a peer has acknowledged was written; what acknowledges itself may still wait in the socket.
        isWritten: () => !this.#acknowledgesItself || link.bufferedBytes === 0,
      },
    );
  }

  /** Appends a message for the end of the turn; false asks to wait for the drain. */
  send(message: Message, options?: SendOptions): boolean {
    const wasOver = this.outbox.isOver;
    const isBelow = this.outbox.append(message, options);
    // Of what the peer has received it tells by itself only now and then.
    if (!isBelow && !wasOver) this.#isReceiptWanted = true;
    this.#schedule();
    return isBelow;
  }

  /** Adds a control frame, to go after the messages that may go now. */
  control(bytes: Uint8Array): void {
    this.#controls.push(bytes);
    this.#schedule();
  }

  grant(messages: number, bytes: number): void {
    this.outbox.sequence.grant(messages, bytes);
    this.#schedule();
  }

  /** Finishes sending once everything is written. Where there is a goodbye, nothing may come after it. */
  end(): void {
    this.#isEndWanted = true;
    if (!this.#acknowledgesItself) this.mute();
    this.#schedule();
  }

  /** Writes what may go, now. What was to go now or never, and did not, is dropped. */
  writeNow(): void {
    while (this.#writeRun());
    this.outbox.endTurn();
    this.#settle();
    if (this.#isBlocked || !this.#isEndWanted) return;
    this.#isEndWanted = false;
    this.#link.end();
  }

  /** No message goes any more; control frames do. */
  mute(): void {
    this.#isMuted = true;
  }

  /** The link has drained. */
  drained(): void {
    this.#isBlocked = false;
    if (this.#acknowledgesItself) this.acknowledge(this.outbox.sequence.numbered);
    this.#schedule();
  }

  /** There is no connection: what is not acknowledged will be written again. */
  suspend(): void {
    this.outbox.sequence.rewind();
    this.#controls.length = 0;
    this.#isBlocked = this.#isHeldUp = false;
  }

  /** The peer has received this many frames of messages in all. */
  acknowledge(received: number): void {
    this.outbox.sequence.acknowledge(received);
    this.#settle();
  }

  /** The peer is to be asked for receipt as soon as all is written: it need not tell of it by itself so soon. */
  wantReceipt(): void {
    this.#isReceiptWanted = true;
    this.#schedule();
  }

  /** Resolves when the peer has received everything sent so far that was not replaced or dropped. */
  flushed(options: WaitOptions): Promise<void> {
    const { mark } = this.outbox;
    let waiter: FlushWaiter | undefined;
    const acknowledged = new Promise<void>((resolve, reject) => {
      waiter = { mark, resolve, reject };
      this.#waiters.push(waiter);
    });
    this.wantReceipt();
    const { clock } = this.#link;
    return within(acknowledged, 'the acknowledgement', { ...options, clock }).finally(() => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    });
  }

  /** Whoever still waits waits in vain. */
  giveUp(error: CableCarError): void {
    this.outbox.expire();
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  /** Hands the link frames that may go, and control frames behind them. Answers whether more may follow. */
  #writeRun(): boolean {
    const pieces = this.#isBlocked || this.#isMuted ? [] : this.outbox.take(this.#isHeldUp);
    if (pieces.length === 0) this.#isHeldUp &&= this.#isBlocked;
    this.#askForReceipt();
    if (this.#controls.length > 0) pieces.push(...this.#controls.splice(0));
    if (pieces.length === 0) return false;
    if (!this.#link.write(pieces)) this.#isBlocked = this.#isHeldUp = true;
    else if (this.#acknowledgesItself) this.acknowledge(this.outbox.sequence.numbered);
    return !this.#isBlocked && (this.#isHeldUp || !this.outbox.sequence.isAllWritten);
  }

  #askForReceipt(): void {
    if (!this.#isReceiptWanted || !this.outbox.sequence.isAllWritten) return;
    this.#isReceiptWanted = false;
    this.#listener.onReceiptWanted();
  }

  /** Tells whoever waits for what was sent to arrive. */
  #settle(): void {
    for (const { mark, resolve } of this.#waiters) if (this.outbox.hasDelivered(mark)) resolve();
    if (this.outbox.takeRelief()) this.#listener.onRelief();
    if (this.outbox.pendingMessages === 0) this.#listener.onDelivered();
  }

  readonly #endTurn = (): void => {
    this.#isScheduled = false;
    this.writeNow();
  };

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#link.clock.endOfTurn(this.#endTurn);
  }
}
