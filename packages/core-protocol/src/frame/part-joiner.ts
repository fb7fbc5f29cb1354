import { ByteReader } from '../bytes/byte-reader.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { FIRST_MESSAGE_TYPE, FRAME, MAX_FRAME_TYPE } from './frame-types.ts';

const EMPTY = Buffer.alloc(0);

/** A piece of a message frame, as it lies in a frame of type PART or PART_END. */
export interface Part {
  readonly type: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** The size of the part's own frame, header included. */
  readonly frameBytes: number;
}

/**
 * Joins the parts of one large message at a time: `push()` each part, then read `type`, `bytes`, `start` and `end` when
 * it answers true. Memory grows with what has arrived. Never throws.
 * @see docs/protocol.md §5.3
 */
export class PartJoiner {
  /** The joined message's type. */
  type = 0;
  /** The buffer that holds its payload, from `start` to `end`; the receiver's to keep. */
  bytes: Buffer = EMPTY;
  start = 0;
  end = 0;
  /** The bytes that it took on the wire: the frames of all its parts. */
  frameBytes = 0;
  /** Set when the parts are no message; from then on `push()` answers false. */
  error: CableCarError | undefined;

  readonly #maxBytes: number;
  #body: Buffer = EMPTY;
  #length = 0;
  #wireBytes = 0;

  /** `maxBytes` bounds the message with its type. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a frame of this type is for the joiner. */
  takes(type: number): boolean {
    return type === FRAME.PART || type === FRAME.PART_END;
  }

  /** Takes the next part; true when the message is complete. */
  push({ type, bytes, start, end, frameBytes }: Part): boolean {
    if (this.error !== undefined) return false;
    const length = this.#length + end - start;
    if (length > this.#maxBytes) {
      this.error = new CableCarError(
        'ERR_FRAME_TOO_LARGE',
        `the peer sent parts of a message of more than ${length} bytes, expected at most ${this.#maxBytes}`,
      );
      return false;
    }
    const isLast = type === FRAME.PART_END;
    this.#makeRoom(length, isLast);
    bytes.copy(this.#body, this.#length, start, end);
    this.#length = length;
    this.#wireBytes += frameBytes;
    return isLast && this.#complete();
  }

  #complete(): boolean {
    const reader = new ByteReader(this.#body, 0, this.#length);
    const type = reader.varint();
    if (!reader.ok || type < FIRST_MESSAGE_TYPE || type > MAX_FRAME_TYPE) {
      this.error = new CableCarError(
        'ERR_FRAME',
        `the peer sent the parts of a frame of type ${type}, expected those of a message`,
      );
      return false;
    }
    this.type = type;
    this.bytes = this.#body;
    this.start = this.#length - reader.remaining;
    this.end = this.#length;
    this.frameBytes = this.#wireBytes;
    this.#body = EMPTY;
    this.#length = this.#wireBytes = 0;
    return true;
  }

  #makeRoom(length: number, isLast: boolean): void {
    if (length <= this.#body.length) return;
    const capacity = isLast ? length : Math.min(2 * length, this.#maxBytes);
    const grown = Buffer.allocUnsafeSlow(capacity);
    this.#body.copy(grown, 0, 0, this.#length);
    this.#body = grown;
  }
}
