import { assignAttributes } from './attributes.ts';
import {
  DEFINITION,
  shellOf,
  titleOf,
  withoutName,
  type MessageCodec,
  type MessageDefinition,
} from './definition.ts';
import { fingerprintOf } from './fingerprint.ts';
import { takeBytes } from './take-bytes.ts';
import { Message, type MessageClass } from './message.ts';
import {
  attemptDecode,
  attemptEncode,
  decodeError,
  encodeError,
  refusePromise,
} from './message-errors.ts';
import { show } from './show.ts';

const NOTHING = new Uint8Array(0);

/** The fingerprint of a type whose bytes only its own code knows. */
export const CODING_FINGERPRINT: number = fingerprintOf('byte');

/** What a byte message without a layout overrides to carry more than its type. */
export interface ByteCoding {
  /** The message as bytes, without its code. By default none, and the message may have no attributes. */
  encode(): Uint8Array;
  /**
   * Takes the bytes that `encode()` gave at the other end; they are the message's to keep. `this` is new and empty:
   * no constructor and no field initialiser has run. Throw to refuse the message.
   */
  decode(bytes: Uint8Array): void;
}

/** A byte message that codes itself; as it stands, it is only its type. */
export class CodingMessage extends Message implements ByteCoding {
  constructor(fields?: object) {
    super();
    if (fields !== undefined) assignAttributes(this, fields, encodeError);
  }

  encode(): Uint8Array {
    const [attribute] = Object.keys(this);
    if (attribute === undefined) return NOTHING;
    throw encodeError(
      `the attribute ${show(attribute)} of ${titleOf(this.constructor as MessageClass)} would be lost, expected ` +
        'encode() and decode(), or a layout',
    );
  }

  decode(bytes: Uint8Array): void {
    if (bytes.length > 0)
      throw decodeError(
        `${titleOf(this.constructor as MessageClass)} came with ${bytes.length} bytes, expected none`,
      );
  }
}

/** What `byteMessage(code)` is at run time. */
export function codingBase(code: number): MessageClass {
  const definition: MessageDefinition = {
    kind: 'byte',
    name: undefined,
    code,
    fingerprint: CODING_FINGERPRINT,
    makeCodec: (messageClass) => ({ ...codingCodec(messageClass), ...withoutName(messageClass) }),
  };
  return class extends CodingMessage {
    static readonly [DEFINITION] = definition;
  };
}

/** The bytes of a class that codes itself. */
export function codingCodec(messageClass: MessageClass): Pick<MessageCodec, 'encode' | 'decode'> {
  const title = titleOf(messageClass);
  const Shell = shellOf(messageClass);
  return {
    encode(message, writer) {
      const bytes: unknown = attemptEncode(`encode() of ${title}`, () =>
        (message as CodingMessage).encode(),
      );
      if (bytes instanceof Uint8Array) return writer.raw(bytes);
      refusePromise(bytes, `encode() of ${title}`);
      throw encodeError(`encode() of ${title} gave ${show(bytes)}, expected a Uint8Array`);
    },
    decode: (bytes, start, end) =>
      attemptDecode(title, () => {
        const message = new Shell() as CodingMessage;
        refusePromise(message.decode(takeBytes(bytes, start, end)), `decode() of ${title}`);
        return message;
      }),
  };
}
