import {
  within,
  type CableCarError,
  type Link,
  type Message,
  type WaitOptions,
} from '@cablecar/core-protocol';
import { Outbox } from './outbox.ts';
import type { SessionParts } from './session-parts.ts';

/** Someone who waits until the peer has acknowledged message number `upTo`. */
interface FlushWaiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: CableCarError) => void;
}

/** Everything on its way out: the outbox, the control frames, and who waits for them to arrive. */
export class Outflow {
  readonly outbox: Outbox;
  readonly #link: Link;
  /** Without acknowledgements, what the system has taken counts as received. */
  readonly #acknowledgesItself: boolean;
  readonly #onDrain: () => void;
  readonly #controls: Uint8Array[] = [];
  #waiters: FlushWaiter[] = [];
  #isScheduled = false;
  #isEndWanted = false;
  /** The link asked to wait for its drain. */
  #isBlocked = false;
  #isMuted = false;
  /** Messages that the link was given, on a wire without credit. */
  #handed = 0;

  constructor({ link, wire, options }: SessionParts, onDrain: () => void) {
    this.#link = link;
    this.#acknowledgesItself = wire.flow === 'pause';
    this.#onDrain = onDrain;
    this.outbox = new Outbox(
      { highWaterBytes: options.outboxBytes, limitBytes: options.outboxLimitBytes },
      {
        encode: (message, writer) => wire.encode(message, writer),
        // What a peer has acknowledged was written; what acknowledges itself may still wait in the socket.
        isWritten: () => !this.#acknowledgesItself || link.bufferedBytes === 0,
      },
    );
  }

  /** Appends a message for the end of the turn; false asks to wait for the drain. */
  send(message: Message): boolean {
    const isBelow = this.outbox.append(message);
    this.#schedule();
    return isBelow;
  }

  /** Adds a control frame, to go after the messages that may go now. */
  control(bytes: Uint8Array): void {
    this.#controls.push(bytes);
    this.#schedule();
  }

  grant(messages: number, bytes: number): void {
    this.outbox.grant(messages, bytes);
    this.#schedule();
  }

  /** Finishes sending once everything is written. */
  end(): void {
    this.#isEndWanted = true;
    this.#schedule();
  }

  /** Writes what may go, now. */
  writeNow(): void {
    const pieces = this.#isBlocked || this.#isMuted ? [] : this.outbox.take();
    if (!this.#isBlocked) this.#handed = this.outbox.appended;
    pieces.push(...this.#controls.splice(0));
    if (pieces.length > 0 && !this.#link.write(pieces)) this.#isBlocked = true;
    if (this.#isBlocked) return;
    if (this.#acknowledgesItself) this.acknowledge(this.outbox.appended);
    if (!this.#isEndWanted) return;
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
    if (this.#acknowledgesItself) this.acknowledge(this.#handed);
    this.#schedule();
  }

  /** There is no connection: what is not acknowledged will be written again. */
  suspend(): void {
    this.outbox.rewind();
    this.#controls.length = 0;
    this.#isBlocked = false;
  }

  /** The peer has received this many messages in all. */
  acknowledge(messages: number): void {
    const hasDrained = this.outbox.acknowledge(messages);
    for (const waiter of this.#waiters) if (messages >= waiter.upTo) waiter.resolve();
    if (hasDrained) this.#onDrain();
  }

  /** Resolves when the peer has received everything sent so far. */
  flushed(options: WaitOptions): Promise<void> {
    const upTo = this.outbox.appended;
    let waiter: FlushWaiter | undefined;
    const acknowledged = new Promise<void>((resolve, reject) => {
      waiter = { upTo, resolve, reject };
      this.#waiters.push(waiter);
    });
    const { clock } = this.#link;
    return within(acknowledged, 'the acknowledgement', { ...options, clock }).finally(() => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
    });
  }

  /** Whoever still waits waits in vain. */
  giveUp(error: CableCarError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#link.clock.endOfTurn(() => {
      this.#isScheduled = false;
      this.writeNow();
    });
  }
}
