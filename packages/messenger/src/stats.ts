import type { Clock, Millis } from '@cablecar/core-protocol';
import type { Histogram } from 'node:perf_hooks';
import type { Inflow } from './inflow.ts';
import type { Outflow } from './outflow.ts';
import { RateMeter } from './rate-meter.ts';
import { RoundTripHistogram } from './round-trip-histogram.ts';
import type { RoundTripStats } from './round-trip.ts';

/** What has passed through a messenger so far. */
export interface MessengerStats extends RoundTripStats {
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /**
   * The rates of these four since the latest look at them that is a second old; at the first look since the messenger
   * began.
   */
  readonly messagesSentPerSecond: number;
  readonly messagesReceivedPerSecond: number;
  readonly bytesSentPerSecond: number;
  readonly bytesReceivedPerSecond: number;
  /** Messages sent that were replaced, expired, or could not go with their turn, as their delivery allows. */
  readonly messagesDropped: number;
  /** Messages that arrived and were of no known type or did not decode. */
  readonly messagesSkipped: number;
  /** Messages sent that the peer has not confirmed to have received, as it does with each heartbeat; none that were dropped. */
  readonly messagesPending: number;
  readonly bytesPending: number;
  /** Messages received that the application has not taken. */
  readonly messagesWaiting: number;
}

type Flow = 'messagesSent' | 'messagesReceived' | 'bytesSent' | 'bytesReceived';

/** What has passed when a session begins. */
const NOTHING: Readonly<Record<Flow, number>> = {
  messagesSent: 0,
  messagesReceived: 0,
  bytesSent: 0,
  bytesReceived: 0,
};

/** Where the figures are: a session. */
interface Counted {
  readonly inflow: Inflow;
  readonly outflow: Outflow;
  readonly roundTrip: RoundTripStats;
}

/** A session's counters, and the rates and the distribution that come of asking for them. */
export class SessionStats {
  readonly #session: Counted;
  readonly #clock: Clock;
  readonly #beganAt: Millis;
  #rates: RateMeter<Flow> | undefined;
  #roundTrips: RoundTripHistogram | undefined;

  constructor(session: Counted, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#beganAt = clock.now();
  }

  /** The round trips from when this is first asked for, in microseconds. */
  get roundTripsUs(): Histogram {
    this.#roundTrips ??= new RoundTripHistogram(this.#session.roundTrip);
    return this.#roundTrips.histogram;
  }

  /** There may have been a round trip. */
  heardControl(): void {
    this.#roundTrips?.take(this.#session.roundTrip);
  }

  /** As they are now. */
  read(): MessengerStats {
    const { inflow, outflow, roundTrip } = this.#session;
    const { outbox } = outflow;
    const flow = flowOf(this.#session);
    this.#rates ??= new RateMeter(NOTHING, this.#beganAt);
    const rates = this.#rates.read(flow, this.#clock.now());
    return {
      ...roundTrip,
      ...flow,
      messagesSentPerSecond: rates.messagesSent,
      messagesReceivedPerSecond: rates.messagesReceived,
      bytesSentPerSecond: rates.bytesSent,
      bytesReceivedPerSecond: rates.bytesReceived,
      messagesDropped: outbox.dropped,
      messagesSkipped: inflow.skipped,
      messagesPending: outbox.pendingMessages,
      bytesPending: outbox.pendingBytes,
      messagesWaiting: inflow.inbox.length,
    };
  }
}

function flowOf({ inflow, outflow: { outbox } }: Counted): Record<Flow, number> {
  return {
    messagesSent: outbox.accepted,
    messagesReceived: inflow.messages,
    bytesSent: outbox.acceptedBytes,
    bytesReceived: inflow.bytes,
  };
}
