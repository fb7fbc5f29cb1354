import type { Millis } from '@cablecar/core-protocol';

/** How long silences may be. */
export interface LivenessSettings {
  readonly heartbeatIntervalMs: Millis;
  readonly suspectAfterMs: Millis;
  readonly silenceTimeoutMs: Millis;
}

/**
 * Whether the other end lives: any byte is life. It rests on each side's own timer and never on an answer, since a
 * peer that reads nothing can still speak.
 */
export class Liveness {
  /** Whether the user was told that the peer is silent or away. */
  suspected = false;
  readonly #settings: LivenessSettings;
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
    return this.suspected ? Infinity : this.#heardAt + this.#settings.suspectAfterMs;
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
}
