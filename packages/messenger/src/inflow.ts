import {
  CableCarError,
  MsgIdentify,
  TokenBucket,
  type Link,
  type Message,
} from '@cablecar/core-protocol';
import { Inbox } from './inbox.ts';
import type { ResolvedMessengerOptions } from './options.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionInput } from './session-types.ts';
import type { Frame, Wire } from './wire.ts';

/** How often the user is told of messages that were skipped. */
const WARNINGS = { size: 10, perSecond: 1 };

/** Whom an inflow tells. None of these may throw. */
export interface InflowListener {
  /** What the rules are to know, in the order in which it came. */
  onInput(input: SessionInput): void;
  /** Whether messages go to `onMessage` instead of the inbox, at this moment. */
  isDirect(): boolean;
  onMessage(message: Message): void;
  /** Messages were put into the inbox. */
  onArrival(): void;
  onWarning(error: CableCarError): void;
  /** Whether nothing more is to be read. */
  isClosed(): boolean;
}

/** Everything on its way in: from chunks to frames, to a listener at once or into the inbox, and out of it. */
export class Inflow {
  readonly inbox: Inbox = new Inbox();
  messages = 0;
  bytes = 0;
  /** Messages that were none of ours, or did not decode. */
  skipped = 0;
  readonly #link: Link;
  readonly #wire: Wire;
  readonly #options: ResolvedMessengerOptions;
  readonly #listener: InflowListener;
  /** What came since the rules were told last. */
  #newMessages = 0;
  #newBytes = 0;
  #newTaken = 0;
  #newTakenBytes = 0;
  /** What was taken from the inbox since the rules were told last. */
  #taken = 0;
  #takenBytes = 0;
  readonly #warnings = new TokenBucket(WARNINGS, 0);
  #isReportScheduled = false;
  #isPaused = false;

  constructor({ link, wire, options }: SessionParts, listener: InflowListener) {
    this.#link = link;
    this.#wire = wire;
    this.#options = options;
    this.#listener = listener;
  }

  /** Takes what one read gave. */
  push(chunk: Uint8Array): void {
    const { frames, firstMessageType } = this.#wire;
    const { length } = this.inbox;
    frames.push(chunk);
    while (!this.#listener.isClosed() && frames.next()) {
      if (frames.type >= firstMessageType) {
        this.#onMessageFrame(frames);
      } else {
        const { type, bytes, start, end } = frames;
        this.account(); // the rules hear of things in their order
        this.#listener.onInput({ kind: 'control', type, bytes, start, end });
      }
    }
    this.account();
    const warning = frames.takeWarning?.();
    if (warning !== undefined) this.#listener.onWarning(warning);
    if (frames.error !== undefined) this.#listener.onInput({ kind: 'fault', error: frames.error });
    if (this.inbox.length > length) this.#arrived();
  }

  /** Tells the rules what came since they were told last; also when nothing did, for that is life as well. */
  account(): void {
    const input = {
      kind: 'received',
      messages: this.#newMessages,
      bytes: this.#newBytes,
      taken: this.#newTaken,
      takenBytes: this.#newTakenBytes,
    } as const;
    this.messages += input.messages;
    this.bytes += input.bytes;
    this.#newMessages = this.#newBytes = this.#newTaken = this.#newTakenBytes = 0;
    this.#listener.onInput(input);
  }

  /** Takes one frame out of the inbox, which must not be empty; undefined when it was no message of ours. */
  takeOne(): Message | undefined {
    this.#taken++;
    this.#takenBytes += this.inbox.frontBytes();
    if (!this.#isReportScheduled) {
      this.#isReportScheduled = true;
      this.#link.clock.endOfTurn(() => this.#reportTaken());
    }
    return this.inbox.shift(this.#decode);
  }

  #onMessageFrame(frame: Frame): void {
    this.#newMessages++;
    this.#newBytes += frame.frameBytes;
    if (this.inbox.length > 0 || !this.#listener.isDirect()) {
      this.inbox.push(frame);
      return;
    }
    this.#newTaken++;
    this.#newTakenBytes += frame.frameBytes;
    const message = this.#decode(frame);
    if (message !== undefined) this.#listener.onMessage(message);
  }

  readonly #decode = (frame: Frame): Message | undefined => {
    const message = this.#wire.decode(frame);
    if (message !== undefined && !(message instanceof CableCarError)) {
      if (message instanceof MsgIdentify) this.#introduced(message);
      return message;
    }
    this.skipped++;
    // Counted all, told a few: a peer must not be able to flood the user.
    if (message && this.#warnings.take(this.#link.clock.now())) this.#listener.onWarning(message);
    return undefined;
  };

  /** Where nobody introduced the peer, it does so itself. */
  #introduced({ username, hostname }: MsgIdentify): void {
    this.#link.rename?.(`${username}@${hostname}`);
  }

  #arrived(): void {
    const { inboxMessages, inboxBytes } = this.#options;
    const isFull = this.inbox.length >= inboxMessages || this.inbox.bytes >= inboxBytes;
    if (isFull && this.#wire.flow === 'pause' && !this.#isPaused) {
      this.#isPaused = true;
      this.#link.pause();
    }
    this.#listener.onArrival();
  }

  #reportTaken(): void {
    this.#isReportScheduled = false;
    const input = { kind: 'taken', messages: this.#taken, bytes: this.#takenBytes } as const;
    this.#taken = this.#takenBytes = 0;
    this.#listener.onInput(input);
    if (!this.#isPaused) return;
    const { inboxMessages, inboxBytes } = this.#options;
    if (this.inbox.length > inboxMessages / 2 || this.inbox.bytes > inboxBytes / 2) return;
    this.#isPaused = false;
    this.#link.resume();
  }
}
