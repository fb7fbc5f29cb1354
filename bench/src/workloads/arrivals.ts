import type { Receive } from '../contender.ts';
import { LAST } from '../payload.ts';
import type { End } from '../workload.ts';

/** What arrived: counted, summed up, and held to its order. */
export class Arrivals {
  messages = 0;
  sum = 0;
  /** Resolves with the message that says that it was the last. */
  readonly ended: Promise<void>;
  readonly receive: Receive;

  constructor({ payload, settings: { isThorough = false } }: End, onMessage?: () => void) {
    let resolve: () => void;
    this.ended = new Promise((settle) => (resolve = settle));
    this.receive = (message, start, end) => {
      const sequence = payload.sequenceOf(message, start);
      if (sequence === LAST) return resolve();
      if (sequence !== this.messages) {
        throw new Error(`message ${sequence} came, expected ${this.messages}`);
      }
      this.messages++;
      this.sum = (this.sum + payload.sumOf(message, start, end, isThorough)) | 0;
      onMessage?.();
    };
  }
}
