import type { Millis } from '@cablecar/core-protocol';

/** An encoded message that waits to be sent and may be replaced or dropped until then. */
export interface FleetingMessage {
  /** The frames of which it consists: one, or the parts of a large one. */
  readonly frames: readonly Uint8Array[];
  readonly bytes: number;
  /** When it is dropped; Infinity for never. */
  readonly expiresAt: Millis;
  /** Whether it is dropped when it does not go with this turn. */
  readonly isVolatile: boolean;
  /** Which of the messages that were sent out of order it is, counted from 1. */
  readonly serial: number;
}

/** Shared by all who have none. */
const NOTHING = new Map<string | number, FleetingMessage>();

/** The messages that are not in the ordered stream and not sent yet: the latest of each key, and what may be dropped. */
export class Fleeting {
  /** Messages that were replaced, expired, or could not go with their turn. */
  dropped = 0;
  /** Bytes of frames that wait. */
  bytes = 0;
  /** By key, or by serial number where nothing replaces it; a replacement takes the place of what it replaces. */
  #waiting = NOTHING;
  #expiring = 0;
  #volatile = 0;

  /** Messages that wait. */
  get length(): number {
    return this.#waiting.size;
  }

  /** Keeps a message until it may go; one of the same key is replaced. */
  add(message: FleetingMessage, key: string | number): void {
    const before = this.#waiting.get(key);
    if (before !== undefined) {
      this.#count(before, -1);
      this.dropped++;
    }
    if (this.#waiting === NOTHING) this.#waiting = new Map();
    this.#waiting.set(key, message);
    this.#count(message, 1);
  }

  /** Takes the oldest message that `mayGo`, of those that have not expired. */
  takeFirst(mayGo: (message: FleetingMessage) => boolean): FleetingMessage | undefined {
    for (const [key, message] of this.#waiting) {
      if (!mayGo(message)) continue;
      this.#waiting.delete(key);
      this.#count(message, -1);
      return message;
    }
    return undefined;
  }

  /** Whether any message has a time to go by. */
  get mayExpire(): boolean {
    return this.#expiring > 0;
  }

  /** Drops what has expired. */
  expire(now: Millis): void {
    this.#dropWhere(({ expiresAt }) => expiresAt <= now);
  }

  /** Drops what was to go with this turn or never. */
  endTurn(): void {
    if (this.#volatile > 0) this.#dropWhere(({ isVolatile }) => isVolatile);
  }

  /** Whether a message of this number or an earlier one waits. */
  hasUpTo(serial: number): boolean {
    for (const message of this.#waiting.values()) if (message.serial <= serial) return true;
    return false;
  }

  #dropWhere(isOver: (message: FleetingMessage) => boolean): void {
    for (const [key, message] of this.#waiting) if (isOver(message)) this.#drop(key);
  }

  #drop(key: string | number): void {
    const message = this.#waiting.get(key);
    if (message === undefined) return;
    this.#waiting.delete(key);
    this.#count(message, -1);
    this.dropped++;
  }

  #count({ bytes, expiresAt, isVolatile }: FleetingMessage, by: 1 | -1): void {
    this.bytes += by * bytes;
    if (expiresAt < Infinity) this.#expiring += by;
    if (isVolatile) this.#volatile += by;
  }
}
