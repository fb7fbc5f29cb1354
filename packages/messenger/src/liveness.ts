import type { Millis } from '@cablecar/core-protocol';
import type { LivenessSettings, SessionOutput } from './session-types.ts';

/**
 * Whether the other end lives: any byte is life. It rests on each side's own timer and never on an answer, since a
 * peer that reads nothing can still speak.
 */
export class Liveness {
  readonly #settings: LivenessSettings;
  /** Whether the user was told that the peer is silent or away. */
  #isSuspected = false;
  #heardAt: Millis = 0;
  #pingAt: Millis = 0;

  constructor(settings: LivenessSettings) {
    this.#settings = settings;
  }

  /** When the next heartbeat is due. */
  get pingAt(): Millis {
    return this.#pingAt;
  }

  /** When the peer becomes suspect. */
  get suspectAt(): Millis {
    return this.#isSuspected ? Infinity : this.#heardAt + this.#settings.suspectAfterMs;
  }

  /** When the connection counts as dead. */
  get silentAt(): Millis {
    return this.#heardAt + this.#settings.silenceTimeoutMs;
  }

  heard(now: Millis): void {
    this.#heardAt = now;
  }

  pinged(now: Millis): void {
    this.#pingAt = now + this.#settings.heartbeatIntervalMs;
  }

  /** The silence so far, in whole milliseconds. */
  silenceMs(now: Millis): Millis {
    return Math.round(now - this.#heardAt);
  }

  /** Tells the user that the peer is silent or away, unless that is known. */
  suspect(): readonly SessionOutput[] {
    if (this.#isSuspected) return [];
    this.#isSuspected = true;
    return [{ kind: 'event', event: { kind: 'suspect' } }];
  }

  /** Tells the user that the peer is back, if it was suspected. */
  recover(): readonly SessionOutput[] {
    if (!this.#isSuspected) return [];
    this.#isSuspected = false;
    return [{ kind: 'event', event: { kind: 'resume' } }];
  }
}
