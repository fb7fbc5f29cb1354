import type { RoundTripStats } from './round-trip.ts';
import type { Session } from './session.ts';

/** What has passed through a messenger so far. */
export interface MessengerStats extends RoundTripStats {
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Messages that arrived and were of no known type or did not decode. */
  readonly messagesSkipped: number;
  /** Messages sent that the peer has not confirmed to have received. */
  readonly messagesPending: number;
  readonly bytesPending: number;
  /** Messages received that the application has not taken. */
  readonly messagesWaiting: number;
}

/** A session's counters as they are now. */
export function statsOf({ inflow, outflow: { outbox }, roundTrip }: Session): MessengerStats {
  return {
    ...roundTrip,
    messagesSent: outbox.appended,
    messagesReceived: inflow.messages,
    bytesSent: outbox.appendedBytes,
    bytesReceived: inflow.bytes,
    messagesSkipped: inflow.skipped,
    messagesPending: outbox.pendingMessages,
    bytesPending: outbox.pendingBytes,
    messagesWaiting: inflow.inbox.length,
  };
}
