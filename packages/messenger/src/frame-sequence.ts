import type { Fleeting, FleetingMessage } from './fleeting.ts';
import { RUN_BYTES, type FrameLog } from './frame-log.ts';

/** A frame that was sent beside the ordered stream, behind so many frames of that. */
interface Aside {
  readonly number: number;
  readonly after: number;
  readonly bytes: Uint8Array;
  readonly serial: number;
  /** Whether its message ends with it. */
  readonly isEnd: boolean;
}

/**
 * The one sequence in which frames go, of the ordered stream and of what is sent beside it. A frame gets its number when
 * it is first taken to be written; the next connection goes on with the same numbers.
 *
 * acknowledged ≤ written ≤ numbered ≤ granted, but that after a connection was lost nothing is written or granted.
 */
export class FrameSequence {
  readonly #log: FrameLog;
  readonly #fleeting: Fleeting;
  /** Unacknowledged frames beside the stream, oldest first. */
  readonly #asides: Aside[] = [];
  /** How many of these are written on this connection. */
  #asidesWritten = 0;
  /** Frames and bytes beside the stream since the session began. */
  #asidesNumbered = 0;
  #asideBytesNumbered = 0;
  #asidesAcknowledged = 0;
  #asideBytesAcknowledged = 0;
  #logNumbered = 0;
  #logWritten = 0;
  #grantedFrames = 0;
  #grantedBytes = 0;

  constructor(log: FrameLog, fleeting: Fleeting) {
    this.#log = log;
    this.#fleeting = fleeting;
  }

  /** Frames that have been given out to be written, on this connection or before. */
  get numbered(): number {
    return this.#logNumbered + this.#asidesNumbered;
  }

  /** Frames that the peer has received. */
  get acknowledged(): number {
    return this.#log.released + this.#asidesAcknowledged;
  }

  /** Whether nothing waits to be written, for credit or for another connection. */
  get isAllWritten(): boolean {
    const isStreamWritten = this.#logWritten === this.#log.appended;
    const areAsidesWritten = this.#asidesWritten === this.#asides.length;
    return isStreamWritten && areAsidesWritten && this.#fleeting.length === 0;
  }

  /** Messages beside the stream that were given out, and of which the peer has not acknowledged the whole. */
  get pendingAsides(): number {
    return this.#asides.filter(({ isEnd }) => isEnd).length;
  }

  /** Bytes beside the stream that were given out and are not acknowledged. */
  get pendingAsideBytes(): number {
    return this.#asideBytesNumbered - this.#asideBytesAcknowledged;
  }

  /** Whether a message beside the stream of this number or an earlier one is not acknowledged. */
  hasAsideUpTo(serial: number): boolean {
    return this.#asides.some((aside) => aside.serial <= serial);
  }

  /** The peer's credit: running totals, so that an older word does no harm. */
  grant(frames: number, bytes: number): void {
    this.#grantedFrames = Math.max(this.#grantedFrames, frames);
    this.#grantedBytes = Math.max(this.#grantedBytes, bytes);
  }

  /** The peer has received so many frames in all. */
  acknowledge(received: number): void {
    if (received <= this.acknowledged) return;
    while (this.#asides[0] !== undefined && this.#asides[0].number <= received) {
      this.#asideBytesAcknowledged += (this.#asides.shift() as Aside).bytes.length;
      this.#asidesAcknowledged++;
      this.#asidesWritten = Math.max(0, this.#asidesWritten - 1);
    }
    this.#log.release(received - this.#asidesAcknowledged);
    // What the peer has received needs not be written, also where it was thought lost.
    this.#logWritten = Math.max(this.#logWritten, this.#log.released);
  }

  /**
   * The connection is gone, and with it the credit: what is not acknowledged will be written again, in the same order,
   * once the peer has said what it received and has given credit anew.
   */
  rewind(): void {
    this.#logWritten = this.#log.released;
    this.#asidesWritten = 0;
    this.#grantedFrames = this.#grantedBytes = 0;
  }

  /** The whole frames to be written now, in order. `isHeldUp` asks for few, so that others may come between. */
  take(isHeldUp: boolean): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    if (this.#grantedFrames < this.numbered) return pieces;
    // One part and a little while a large message is under way or the link is held up.
    let room = isHeldUp || this.#log.hasLarge ? RUN_BYTES : Infinity;
    while (room > 0) {
      const bytes = this.#takeRun(pieces, room);
      if (bytes === 0) break;
      room -= bytes;
    }
    return pieces;
  }

  /** Takes the next frames that belong together, numbering more if need be. Answers their size. */
  #takeRun(pieces: Uint8Array[], room: number): number {
    for (;;) {
      const aside = this.#asides[this.#asidesWritten];
      const stop = aside?.after ?? this.#logNumbered;
      if (this.#logWritten < stop) return this.#takeFromLog(stop, pieces, room);
      if (aside !== undefined) return this.#takeAside(aside, pieces, room);
      const isAside = this.#fleeting.length > 0 && this.#numberAside();
      if (!isAside && !this.#numberLog(room, pieces.length === 0)) return 0;
    }
  }

  #takeFromLog(stop: number, pieces: Uint8Array[], room: number): number {
    const log = this.#log;
    const from = log.endOf(this.#logWritten);
    let last = log.lastWithin(this.#logWritten, stop, from + room);
    if (last === this.#logWritten) {
      if (pieces.length > 0) return 0;
      last++; // one frame goes in any case
    }
    const to = log.endOf(last);
    log.slice(from, to, pieces);
    this.#logWritten = last;
    return to - from;
  }

  #takeAside({ bytes }: Aside, pieces: Uint8Array[], room: number): number {
    if (bytes.length > room && pieces.length > 0) return 0;
    pieces.push(bytes);
    this.#asidesWritten++;
    return bytes.length;
  }

  /** Numbers a message beside the stream, if one may go. A large one does not go between the parts of another. */
  #numberAside(): boolean {
    const mayGo = ({ frames, bytes }: FleetingMessage): boolean =>
      this.numbered + frames.length <= this.#grantedFrames &&
      log.endOf(this.#logNumbered) + this.#asideBytesNumbered + bytes <= this.#grantedBytes &&
      (frames.length === 1 || log.endOfMessage(this.#logNumbered) === this.#logNumbered);
    const log = this.#log;
    const message = this.#fleeting.takeFirst(mayGo);
    if (message === undefined) return false;
    const { frames, serial } = message;
    for (const [index, bytes] of frames.entries()) {
      const number = this.numbered + 1;
      const isEnd = index === frames.length - 1;
      this.#asides.push({ number, after: this.#logNumbered, bytes, serial, isEnd });
      this.#asidesNumbered++;
      this.#asideBytesNumbered += bytes.length;
    }
    return true;
  }

  /** Numbers frames of the stream, as many as credit and room allow. */
  #numberLog(room: number, isFirst: boolean): boolean {
    const log = this.#log;
    const before = this.#logNumbered;
    if (before === log.appended) return false;
    const granted = this.#grantedFrames - this.#asidesNumbered;
    // What waits beside the stream goes at the next end of a message.
    const most =
      this.#fleeting.length > 0 ? Math.min(granted, log.endOfMessage(before + 1)) : granted;
    const credit = this.#grantedBytes - this.#asideBytesNumbered;
    const wanted = Math.min(credit, log.endOf(before) + room);
    this.#logNumbered = log.lastWithin(before, most, wanted);
    if (this.#logNumbered === before && isFirst) {
      this.#logNumbered = log.lastWithin(before, Math.min(most, before + 1), credit);
    }
    return this.#logNumbered > before;
  }
}
