import { optionError } from '@cablecar/core-protocol';

/**
 * How a message is delivered: `reliable`, in order with the other reliable ones and exactly once; `latest`, where a
 * newer one of the same key takes the place of one that is not sent yet; `volatile`, sent with this turn or never.
 */
export type Delivery = 'reliable' | 'latest' | 'volatile';

/** How one message is sent. */
export interface SendOptions {
  /** @default 'reliable' ('reliable', 'latest' or 'volatile') */
  readonly delivery?: Delivery;
  /**
   * What a `latest` message is the latest of, among the messages of its class: the id of a ship, say.
   * @default the whole class
   */
  readonly key?: string | number;
  /**
   * Drops the message when it could not be sent for so long, in milliseconds. Such a message keeps no order with
   * reliable ones. @default Infinity (range 1 to Infinity)
   */
  readonly expiresInMs?: number;
}

const DELIVERIES: readonly unknown[] = ['reliable', 'latest', 'volatile'];

/**
 * Whether a message is one of the ordered stream, and not one that may be replaced or dropped.
 * @throws {CableCarError} ERR_OPTION
 */
export function isOrdered({
  delivery = 'reliable',
  key,
  expiresInMs = Infinity,
}: SendOptions): boolean {
  if (!DELIVERIES.includes(delivery))
    throw optionError('delivery', delivery, DELIVERIES.join(', '));
  if (!(expiresInMs >= 1)) throw optionError('expiresInMs', expiresInMs, 'a number of 1 or more');
  const isKey = typeof key === 'string' || typeof key === 'number';
  if (key !== undefined && !(isKey && delivery === 'latest')) {
    throw optionError('key', key, "a string or a number, and delivery 'latest'");
  }
  return delivery === 'reliable' && expiresInMs === Infinity;
}
