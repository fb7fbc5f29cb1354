import {
  ByteWriter,
  CableCarError,
  ClassicByteDecoder,
  writeClassicFrame,
  type Message,
  type MessageClass,
  type MessageRegistry,
} from '@cablecar/core-protocol';
import { ClassicMachine } from './classic-machine.ts';
import type { Frame, Wire } from './wire.ts';

/** Python's cable_car with byte messages: a length, a code, up to 253 bytes. @see docs/from-cable-car.md */
export class ClassicByteWire implements Wire {
  readonly rules: ClassicMachine = new ClassicMachine();
  readonly frames: ClassicByteDecoder = new ClassicByteDecoder();
  readonly flow = 'pause';
  readonly firstMessageType = 0;
  readonly #registry: MessageRegistry;
  readonly #payload = new ByteWriter(256);

  constructor(registry: MessageRegistry) {
    this.#registry = registry;
    for (const { code, label } of registry.types) if (code === undefined) throw unfit(label);
  }

  encode(message: Message, writer: ByteWriter): void {
    const type = this.#registry.typeOf(message);
    const payload = this.#payload;
    payload.clear();
    type.encode(message, payload);
    writeClassicFrame(writer, type.code as number, payload.bytes.subarray(0, payload.length));
  }

  classOf({ type: code }: Frame): MessageClass | undefined {
    return this.#registry.byCode(code)?.messageClass;
  }

  decode({ type: code, bytes, start, end }: Frame): Message | CableCarError {
    const type = this.#registry.byCode(code);
    if (type !== undefined) return type.decode(bytes, start, end);
    return new CableCarError(
      'ERR_MESSAGE_UNKNOWN',
      `a message of code ${code} arrived, expected a code that is registered here`,
    );
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
    `the message ${label} has no code, expected one on the classic-byte wire: use byteMessage()`,
  );
}
