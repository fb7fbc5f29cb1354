import {
  CableCarError,
  ClassicJsonDecoder,
  readClassicLine,
  writeClassicLine,
  type ByteWriter,
  type Message,
  type MessageClass,
  type MessageRegistry,
} from '@cablecar/core-protocol';
import { ClassicMachine } from './classic-machine.ts';
import type { ResolvedMessengerOptions } from './options.ts';
import type { Frame, Wire } from './wire.ts';

/** Python's cable_car with JSON messages: one line each. @see docs/from-cable-car.md */
export class ClassicJsonWire implements Wire {
  readonly rules: ClassicMachine = new ClassicMachine();
  readonly frames: ClassicJsonDecoder;
  readonly flow = 'pause';
  readonly firstMessageType = 0;
  readonly #registry: MessageRegistry;
  readonly #maxMessageBytes: number;

  constructor(registry: MessageRegistry, { maxMessageBytes }: ResolvedMessengerOptions) {
    this.#registry = registry;
    this.#maxMessageBytes = maxMessageBytes;
    this.frames = new ClassicJsonDecoder(maxMessageBytes);
    for (const { name, label } of registry.types) if (name === undefined) throw unfit(label);
  }

  encode(message: Message, writer: ByteWriter): void {
    const type = this.#registry.typeOf(message);
    const size = writeClassicLine(writer, type.label, type.attributesOf(message));
    if (size > this.#maxMessageBytes) {
      throw new CableCarError(
        'ERR_MESSAGE_TOO_LARGE',
        `${type.label} takes a line of ${size} bytes, expected at most ${this.#maxMessageBytes}`,
      );
    }
  }

  classOf({ bytes, start, end }: Frame): MessageClass | undefined {
    try {
      return this.#registry.byName(readClassicLine(bytes, start, end).name)?.messageClass;
    } catch {
      return undefined; // decode() says what is wrong with it
    }
  }

  decode({ bytes, start, end }: Frame): Message | CableCarError {
    try {
      const { name, attributes } = readClassicLine(bytes, start, end);
      const type = this.#registry.byName(name);
      if (type !== undefined) return type.fromAttributes(attributes);
      return new CableCarError(
        'ERR_MESSAGE_UNKNOWN',
        `a message named ${JSON.stringify(name)} arrived, expected a name that is registered here`,
      );
    } catch (error) {
      return CableCarError.from(error, 'ERR_MESSAGE_DECODE', 'a line did not decode');
    }
  }

  reset(): void {
    // A classic link never has another connection: there is nothing to resume a session by.
  }

  opened(): undefined {
    return undefined;
  }
}

function unfit(label: string): CableCarError {
  return new CableCarError(
    'ERR_MESSAGE_DEFINITION',
    `the message ${label} has no name, expected one on the classic-json wire: use jsonMessage()`,
  );
}
