/** What travels in a run: how the n-th message is made, and how it is known again at the other end. */
export interface Payload<M> {
  /** The n-th message; good until the next one is made, unless `isKept`. */
  make(sequence: number, isKept: boolean): M;
  /** Where `message` is bytes, they are those from `start` to `end`. */
  sequenceOf(message: M, start: number): number;
  /** A sum over the message's bytes or fields. `isThorough` looks at every byte. */
  sumOf(message: M, start: number, end: number, isThorough: boolean): number;
}

/** The number of the message that ends a run. */
export const LAST = 0xffff_ffff;

/** The bytes of a {@link State} as a layout; its frame adds one for the length and one for the type. */
export const STATE_BYTES = 22;

/** What a message carries, where some of a comparison send bytes and others objects. */
export const EITHER: string = `32 bytes or the state of a ship (${STATE_BYTES} as a layout)`;

/** A player's ship, as a game would send it: as a layout it takes {@link STATE_BYTES}. */
export interface State {
  readonly sequence: number;
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly health: number;
  readonly name: string;
}

/** {@link State} objects, a fresh one a message as a game makes them. */
export const STATES: Payload<State> = {
  make: (sequence) => ({
    sequence,
    x: (sequence & 0xff) * 0.5,
    y: -2.25,
    heading: sequence & 0xffff,
    health: sequence & 0x7f,
    name: 'ada123',
  }),
  sequenceOf: ({ sequence }) => sequence,
  sumOf: ({ x, y, heading, health, name }) =>
    (x + y + heading + health + name.length + name.charCodeAt(5)) | 0,
};

/** Numbered payloads of `size` bytes, at least 8: the number first, and bytes that differ from message to message. */
export function bytesOf(size: number): Payload<Uint8Array> {
  const template = Buffer.alloc(size);
  for (let at = 4; at < size; at++) template[at] = at * 31;
  return {
    make(sequence, isKept) {
      template[0] = sequence >>> 24;
      template[1] = sequence >>> 16;
      template[2] = sequence >>> 8;
      template[3] = sequence;
      template[size >> 1] = sequence * 7;
      template[size - 1] = sequence * 3;
      return isKept ? Buffer.from(template) : template;
    },
    sequenceOf: (bytes, at) =>
      (((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number)) >>>
      0,
    sumOf(bytes, start, end, isThorough) {
      if (end - start !== size) return Number.NaN; // wrong whatever the sum
      let sum = (bytes[start + (size >> 1)] as number) + 256 * (bytes[end - 1] as number);
      if (isThorough) {
        for (let at = start; at < end; at++) sum = (sum * 33 + (bytes[at] as number)) | 0;
      }
      return sum;
    },
  };
}

/** The payload of a run: `state`, or so many bytes. */
export function payloadOf(name: string): Payload<never> {
  return (name === 'state' ? STATES : bytesOf(Number(name))) as unknown as Payload<never>;
}
