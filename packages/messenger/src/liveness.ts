import type { CableCarError, Millis } from '@cablecar/core-protocol';
import { silent } from './session-faults.ts';
import type { LivenessSettings, SessionOutput } from './session-types.ts';

/** How much longer a silent connection has when its peer is in reach; what it holds may come in the same moment. */
const SIGHTED_GRACE_MS = 250;

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
  /** Until when a connection has to show life whose peer is in reach and was silent on it for too long. */
  #provenBy: Millis = Infinity;

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
    return Math.min(this.#heardAt + this.#settings.silenceTimeoutMs, this.#provenBy);
  }

  heard(now: Millis): void {
    this.#heardAt = now;
    this.#provenBy = Infinity;
  }

  /**
   * The peer's host is in reach. Where the peer is suspected, it is then the connection that is silent: TCP waits longer
   * and longer to try again what was lost while there was no network, and another connection need not wait for that.
   */
  sighted(now: Millis): readonly SessionOutput[] {
    if (this.#isSuspected) this.#provenBy = Math.min(this.#provenBy, now + SIGHTED_GRACE_MS);
    return [];
  }

  pinged(now: Millis): void {
    this.#pingAt = now + this.#settings.heartbeatIntervalMs;
  }

  /** A silence that we slept through accuses nobody; whether the other end is still there is asked at once. */
  awoke(now: Millis): void {
    this.heard(now);
    this.#pingAt = now;
  }

  /** The silence so far, as what the connection is lost by. */
  silence(now: Millis): CableCarError {
    return silent(Math.round(now - this.#heardAt), this.#settings);
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
