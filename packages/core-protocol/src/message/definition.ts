import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { CableCarError } from '../errors/cablecar-error.ts';
import type { Message, MessageClass } from './message.ts';
import { decodeError, definitionError, encodeError } from './message-errors.ts';

/** Where a message class carries its definition. */
export const DEFINITION: unique symbol = Symbol('cablecar.definition');

/** How the messages of one class become bytes, and bytes become messages of the class. */
export interface MessageCodec {
  encode(message: Message, writer: ByteWriter): void;
  decode(bytes: Uint8Array, start: number, end: number): Message | CableCarError;
  /** Its attributes as the classic JSON wire carries them; throws where it has no name to travel by. */
  attributesOf(message: Message): object;
  fromAttributes(attributes: unknown): Message | CableCarError;
}

/** What `jsonMessage()` and `byteMessage()` record of a class. */
export interface MessageDefinition {
  /** How it travels on the native wire: as JSON, known by its name, or as bytes, known by its code. */
  readonly kind: 'json' | 'byte';
  readonly name: string | undefined;
  readonly code: number | undefined;
  /** Differs where the bytes of two definitions do. */
  readonly fingerprint: number;
  makeCodec(messageClass: MessageClass): MessageCodec;
}

const codecs = new WeakMap<MessageClass, MessageCodec>();

/**
 * The definition that a class inherits.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 */
export function definitionOf(messageClass: MessageClass): MessageDefinition {
  const definition =
    typeof messageClass === 'function'
      ? (messageClass as { [DEFINITION]?: MessageDefinition })[DEFINITION]
      : undefined;
  if (definition !== undefined) return definition;
  const seen = typeof messageClass === 'function' ? messageClass.name : typeof messageClass;
  throw definitionError(
    `${seen} is no message class, expected one made with jsonMessage() or byteMessage()`,
  );
}

/** The codec of a class, made once however many registries there are. */
export function codecOf(messageClass: MessageClass): MessageCodec {
  let codec = codecs.get(messageClass);
  if (codec === undefined) {
    codec = definitionOf(messageClass).makeCodec(messageClass);
    codecs.set(messageClass, codec);
  }
  return codec;
}

/** What a type is called where only its definition is known: its name, or its code. */
export function labelOf({ name, code = 0 }: Pick<MessageDefinition, 'name' | 'code'>): string {
  return name ?? `0x${code.toString(16).padStart(2, '0')}`;
}

/** What a class is called in this program's errors: `Move`, or `Position (0x10)`. */
export function titleOf(messageClass: MessageClass): string {
  const label = labelOf(definitionOf(messageClass));
  return messageClass.name === '' || messageClass.name === label
    ? label
    : `${messageClass.name} (${label})`;
}

/** The part of a codec that is about attributes, for a class that has no name to travel by. */
export function withoutName(
  messageClass: MessageClass,
): Pick<MessageCodec, 'attributesOf' | 'fromAttributes'> {
  const sentence = `${titleOf(messageClass)} has no name to travel by as JSON, expected a message that has one`;
  return {
    attributesOf() {
      throw encodeError(sentence);
    },
    fromAttributes: () => decodeError(sentence),
  };
}

/** A constructor that makes instances of a class and runs none of the class's own code. */
export function shellOf(messageClass: MessageClass): new () => Message {
  // A function of its own for each class, so that the engine learns each one's shape.
  const Shell = function () {} as unknown as new () => Message;
  Shell.prototype = messageClass.prototype as Message;
  return Shell;
}
