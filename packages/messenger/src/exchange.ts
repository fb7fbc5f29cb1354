import {
  FRAME,
  type AckFrame,
  type CloseFrame,
  type Millis,
  type OpenFrame,
} from '@cablecar/core-protocol';
import { ControlWriter } from './control-writer.ts';
import { Credit } from './credit.ts';
import { RoundTrip, type RoundTripStats } from './round-trip.ts';
import type { SessionInput, SessionOutput, SessionSettings } from './session-types.ts';

/** One for all sessions: what it wrote is copied before it answers. */
const write = new ControlWriter();

/** How long the news of more credit may wait where the sender may be short of it. */
const CREDIT_DELAY_MS = 100;

/**
 * The numbers that both ends of a session keep each other informed of: what arrived, what more may come, and how long
 * the way there and back is. It lives as long as the session, across connections.
 */
export class Exchange {
  /** When the peer is to hear of more credit; Infinity while it has enough. */
  creditAt: Millis = Infinity;
  /** Messages that the peer has received. */
  acknowledged = 0;
  #isIntroduced = false;
  readonly #settings: SessionSettings;
  readonly #credit: Credit;
  readonly #roundTrip = new RoundTrip();

  constructor(settings: SessionSettings) {
    this.#settings = settings;
    this.#credit = new Credit(settings.windowMessages, settings.windowBytes);
  }

  get roundTrip(): RoundTripStats {
    return this.#roundTrip.stats;
  }

  /** The first words on a connection. */
  open(): SessionOutput {
    const { maxMessageBytes, catalog } = this.#settings;
    this.creditAt = Infinity;
    return write.open({ ...this.#credit.tell(), maxMessageBytes, catalog });
  }

  /** The peer's OPEN came; the first one says who it is. */
  introduced(open: OpenFrame): readonly SessionOutput[] {
    if (this.#isIntroduced) return [];
    this.#isIntroduced = true;
    return [{ kind: 'opened', open }];
  }

  /** Messages arrived; false when they are more than the peer had credit for. */
  received({ messages, bytes, taken, takenBytes }: SessionInput & { kind: 'received' }): boolean {
    if (!this.#credit.receive(messages, bytes)) return false;
    this.#credit.take(taken, takenBytes);
    return true;
  }

  /** The application took messages. */
  taken(messages: number, bytes: number): void {
    this.#credit.take(messages, bytes);
  }

  /**
   * Tells the peer what is new: at once if it is much, and soon if the peer may be held up. Else it hears when it asks:
   * by each heartbeat, and at once where somebody waits.
   */
  acknowledge(now: Millis): readonly SessionOutput[] {
    if (this.#credit.due) return [this.#tell()];
    if (this.creditAt === Infinity && this.#credit.scarce) this.creditAt = now + CREDIT_DELAY_MS;
    return [];
  }

  /** Tells the peer what is new, if anything is. */
  tellNews(): readonly SessionOutput[] {
    return this.#credit.stale ? [this.#tell()] : [];
  }

  ping(now: Millis): SessionOutput {
    return write.echo(FRAME.PING, this.#roundTrip.ping(now));
  }

  /** The answer to a PING: the peer may be waiting to hear what has arrived. */
  pong(token: number): readonly SessionOutput[] {
    return [...this.tellNews(), write.echo(FRAME.PONG, token)];
  }

  ponged(token: number, now: Millis): void {
    this.#roundTrip.pong(token, now);
  }

  /** The peer said what it has received and how much more it takes. */
  told({ received, grantedMessages, grantedBytes }: AckFrame): SessionOutput[] {
    this.acknowledged = received;
    return [
      { kind: 'acknowledged', messages: received },
      { kind: 'grant', messages: grantedMessages, bytes: grantedBytes },
    ];
  }

  /** The last words on a connection. The peer should know what arrived before it hears that no more will be read. */
  close(close: CloseFrame, isOpen: boolean): SessionOutput[] {
    return [...(isOpen ? this.tellNews() : []), write.close(close), { kind: 'end' }];
  }

  #tell(): SessionOutput {
    this.creditAt = Infinity;
    return write.ack(this.#credit.tell());
  }
}
