import {
  CableCarError,
  MsgIdentify,
  TokenBucket,
  type Link,
  type Message,
  type MessageClass,
} from '@cablecar/core-protocol';
import { Inbox } from './inbox.ts';
import type { ResolvedMessengerOptions } from './options.ts';
import type { SessionParts } from './session-parts.ts';
import type { SessionInput } from './session-types.ts';
import type { Frame, Wire } from './wire.ts';

/** How often the user is told of messages that were skipped. */
const WARNINGS = { size: 10, perSecond: 1 };

/** Is given messages; must not throw. */
type Taker = (message: Message) => void;

/** Whom an inflow tells. None of these may throw. */
export interface InflowListener {
  /** What the rules are to know, in the order in which it came. */
  onInput(input: SessionInput): void;
  onMessage(message: Message): void;
  /** Messages were put into the inbox. */
  onArrival(): void;
  onWarning(error: CableCarError): void;
}

/** Everything on its way in: from chunks to frames, to a listener at once or into the inbox, and out of it. */
export class Inflow {
  readonly inbox: Inbox = new Inbox();
  messages = 0;
  bytes = 0;
  /** Messages that were none of ours, or did not decode. */
  skipped = 0;
  /** Whether nothing more is to be read. */
  isClosed = false;
  /** Whether messages go to `onMessage` instead of the inbox, at this moment. */
  isDirect = false;
  /** Who is given messages of a class as they arrive, past the inbox. */
  #diverted: Map<MessageClass, Taker> | undefined;
  readonly #link: Link;
  readonly #wire: Wire;
  readonly #options: ResolvedMessengerOptions;
  readonly #listener: InflowListener;
  /** Whether a message may say who the peer is. */
  readonly #mayBeIntroduced: boolean;
  /** What came since the rules were told last. */
  #newFrames = 0;
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
    this.#mayBeIntroduced = link.rename !== undefined;
  }

  /** Takes what one read gave. */
  push(chunk: Uint8Array): void {
    const { frames, firstMessageType, parts } = this.#wire;
    const { length } = this.inbox;
    frames.push(chunk);
    while (!this.isClosed && frames.next()) {
      if (frames.type >= firstMessageType) {
        this.#count(frames.frameBytes);
        this.#onMessage(frames);
      } else if (parts?.takes(frames.type)) {
        this.#count(frames.frameBytes);
        if (parts.push(frames)) this.#onMessage(parts);
        else this.#newTaken++; // its bytes are the message's, and taken with that
        if (parts.error !== undefined) break;
      } else {
        const { type, bytes, start, end } = frames;
        this.account(); // the rules hear of things in their order
        this.#listener.onInput({ kind: 'control', type, bytes, start, end });
      }
    }
    this.account();
    const warning = frames.takeWarning?.();
    if (warning !== undefined) this.#listener.onWarning(warning);
    const error = frames.error ?? parts?.error;
    if (error !== undefined) this.#listener.onInput({ kind: 'fault', error });
    if (this.inbox.length > length) this.#arrived();
  }

  /** Tells the rules what came since they were told last; also when nothing did, for that is life as well. */
  account(): void {
    const input = {
      kind: 'received',
      messages: this.#newFrames,
      bytes: this.#newBytes,
      taken: this.#newTaken,
      takenBytes: this.#newTakenBytes,
    } as const;
    this.bytes += input.bytes;
    this.#newFrames = this.#newBytes = this.#newTaken = this.#newTakenBytes = 0;
    this.#listener.onInput(input);
  }

  /** From now on messages of a class are given to `take` as they arrive. */
  divert(messageClass: MessageClass, take: Taker): void {
    this.#diverted ??= new Map();
    this.#diverted.set(messageClass, take);
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

  #count(frameBytes: number): void {
    this.#newFrames++;
    this.#newBytes += frameBytes;
  }

  /** Gives the listener what was queued before there was one; from then on messages go to it directly. */
  deliverQueued(): void {
    while (this.isDirect && this.inbox.length > 0) {
      const message = this.takeOne();
      if (message !== undefined) this.#listener.onMessage(message);
    }
  }

  #onMessage(frame: Frame): void {
    this.messages++;
    const take = this.#diverted === undefined ? undefined : this.#takerOf(frame);
    if (take === undefined && (this.inbox.length > 0 || !this.isDirect)) {
      this.inbox.push(frame);
      return;
    }
    this.#newTaken++;
    this.#newTakenBytes += frame.frameBytes;
    const message = this.#decode(frame);
    if (message === undefined) return;
    if (take === undefined) this.#listener.onMessage(message);
    else take(message);
  }

  #takerOf(frame: Frame): Taker | undefined {
    const messageClass = this.#wire.classOf(frame);
    return messageClass && this.#diverted?.get(messageClass);
  }

  readonly #decode = (frame: Frame): Message | undefined => {
    const message = this.#wire.decode(frame);
    if (message !== undefined && !(message instanceof CableCarError)) {
      if (this.#mayBeIntroduced && message instanceof MsgIdentify) this.#introduced(message);
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
