import {
  ByteWriter,
  CableCarError,
  isLarge,
  writeParts,
  type Message,
  type Millis,
} from '@cablecar/core-protocol';
import { isOrdered, type SendOptions } from './delivery.ts';
import { Fleeting } from './fleeting.ts';
import { FrameLog, type FrameLogSurroundings } from './frame-log.ts';
import { FrameSequence } from './frame-sequence.ts';

/** How much an outbox holds. */
export interface OutboxLimits {
  /** Bytes above which `append()` answers false. */
  readonly highWaterBytes: number;
  /** Bytes above which `append()` throws. */
  readonly limitBytes: number;
}

/** What an outbox needs to know of what is around it. */
export interface OutboxSurroundings extends FrameLogSurroundings {
  now(): Millis;
}

/** Up to where things had been sent at some moment; see {@link Outbox.hasDelivered}. */
export interface OutboxMark {
  readonly frame: number;
  readonly serial: number;
}

/**
 * Everything that was sent and that the peer has not acknowledged: the ordered stream, which serves waiting for the end
 * of the turn, for credit and for the acknowledgement alike; and what may be replaced or dropped until it goes.
 */
export class Outbox {
  /** Messages taken in since the session began. */
  accepted = 0;
  /** Bytes of these, each as a whole frame. */
  acceptedBytes = 0;
  /** The largest of them. */
  largestBytes = 0;
  /** Whether append() has answered false and the writer waits to hear. */
  isOver = false;
  readonly sequence: FrameSequence;
  readonly #limits: OutboxLimits;
  readonly #surroundings: OutboxSurroundings;
  readonly #log: FrameLog;
  readonly #fleeting = new Fleeting();
  /** Where messages that are not in the stream are encoded; many a program has none. */
  #scratch: ByteWriter | undefined;
  /** The classes of `latest` messages, numbered as they came. */
  #classes: Map<unknown, number> | undefined;
  #serial = 0;

  constructor(limits: OutboxLimits, surroundings: OutboxSurroundings) {
    this.#limits = limits;
    this.#surroundings = surroundings;
    this.#log = new FrameLog(surroundings, limits.highWaterBytes);
    this.sequence = new FrameSequence(this.#log, this.#fleeting);
  }

  /** Messages that the peer has not acknowledged. */
  get pendingMessages(): number {
    return this.#log.pendingMessages + this.sequence.pendingAsides + this.#fleeting.length;
  }

  /** Bytes that the peer has not acknowledged. */
  get pendingBytes(): number {
    const inOrder = this.#log.appendedBytes - this.#log.releasedBytes;
    return inOrder + this.sequence.pendingAsideBytes + this.#fleeting.bytes;
  }

  /** Messages that were replaced, expired, or could not go with their turn. */
  get dropped(): number {
    return this.#fleeting.dropped;
  }

  /** What has been taken in so far. */
  get mark(): OutboxMark {
    return { frame: this.#log.appended, serial: this.#serial };
  }

  /**
   * Takes in one message. Answers whether the outbox is still below its high-water mark. When the message cannot be
   * encoded, nothing has changed.
   * @throws {CableCarError} ERR_OUTBOX_FULL, ERR_OPTION, and what encoding throws
   */
  append(message: Message, options?: SendOptions): boolean {
    const isInOrder = options === undefined || isOrdered(options);
    const pending = this.pendingBytes;
    if (pending >= this.#limits.limitBytes) throw this.#fullError();
    const size = isInOrder ? this.#log.append(message) : this.#appendFleeting(message, options);
    this.accepted++;
    this.acceptedBytes += size;
    if (size > this.largestBytes) this.largestBytes = size;
    if (pending + size < this.#limits.highWaterBytes) return true;
    this.isOver = true;
    return false;
  }

  /** Whether everything up to a mark has been acknowledged, replaced or dropped. */
  hasDelivered({ frame, serial }: OutboxMark): boolean {
    if (this.#log.released < frame) return false;
    return !this.sequence.hasAsideUpTo(serial) && !this.#fleeting.hasUpTo(serial);
  }

  /** The whole frames to be written now, in order; see {@link FrameSequence.take}. */
  take(isHeldUp = false): Uint8Array[] {
    this.expire();
    return this.sequence.take(isHeldUp);
  }

  /** Drops what was sent to go with this turn or never. */
  endTurn(): void {
    this.#fleeting.endTurn();
    this.#log.endTurn();
  }

  /** Drops what was sent to go by now or never. */
  expire(): void {
    if (this.#fleeting.mayExpire) this.#fleeting.expire(this.#surroundings.now());
  }

  /** Whether a writer that was told to wait may go on; true once each time. */
  takeRelief(): boolean {
    if (!this.isOver || this.pendingBytes > this.#limits.highWaterBytes / 2) return false;
    this.isOver = false;
    return true;
  }

  #fullError(): CableCarError {
    const expected = `expected the sender to stop below ${this.#limits.limitBytes}`;
    return new CableCarError(
      'ERR_OUTBOX_FULL',
      `${this.pendingBytes} bytes wait for the peer, ${expected}`,
    );
  }

  #appendFleeting(message: Message, options: SendOptions): number {
    const { delivery, expiresInMs = Infinity } = options;
    const writer = (this.#scratch ??= new ByteWriter());
    writer.clear();
    this.#surroundings.encode(message, writer);
    const whole = writer.copyItem();
    const frames: Uint8Array[] = [];
    if (this.#surroundings.cuts && isLarge(whole.length)) {
      writer.clear();
      writeParts(writer, whole, () => frames.push(writer.copyItem()));
    } else {
      frames.push(whole);
    }
    const serial = ++this.#serial;
    this.#fleeting.add(
      {
        frames,
        bytes: frames.reduce((sum, frame) => sum + frame.length, 0),
        expiresAt: expiresInMs === Infinity ? Infinity : this.#surroundings.now() + expiresInMs,
        isVolatile: delivery === 'volatile',
        serial,
      },
      delivery === 'latest' ? this.#keyOf(message, options) : serial,
    );
    return whole.length;
  }

  /** What tells apart the messages that replace each other. */
  #keyOf({ constructor }: Message, { key = '' }: SendOptions): string {
    const classes = (this.#classes ??= new Map<unknown, number>());
    const number = classes.get(constructor) ?? classes.size;
    classes.set(constructor, number);
    return `${number} ${typeof key} ${key}`;
  }
}
