import { codingBase, type ByteCoding } from './coding-message.ts';
import { layoutBase } from './layout-message.ts';
import type { Layout, LayoutFields } from './layout-types.ts';
import type { FieldsArgument, Message, MessageClass, NoFields, TypedMessage } from './message.ts';
import { definitionError } from './message-errors.ts';
import { show } from './show.ts';

const MAX_CODE = 0xff;

/**
 * Says the same once more, as abstract methods: together they may be overridden with or without the word `override`
 * under `noImplicitOverride`, and need not be overridden at all.
 */
declare abstract class AbstractCoding {
  abstract encode(): Uint8Array;
  abstract decode(bytes: Uint8Array): void;
}

/** A message that travels as bytes of its own making. */
export type ByteMessage<Code extends number = number> = Message &
  TypedMessage<Code> &
  ByteCoding &
  AbstractCoding;

/** What `byteMessage(code)` gives: a class to extend, with the attributes as its type argument. */
export interface ByteMessageBase<Code extends number> {
  new <Fields extends object = NoFields>(
    ...fields: FieldsArgument<Fields>
  ): ByteMessage<Code> & Fields;
}

/** What `byteMessage(code, layout)` gives: a class to extend. */
export interface LayoutMessageBase<Code extends number, Fields extends object> {
  new (...fields: FieldsArgument<Fields>): Message & TypedMessage<Code> & Fields;
}

/**
 * Makes the base of a class that travels as bytes, known by `code`, 0x00 to 0xff (1 to 4 are the built-in
 * messages'). Override `encode()` and `decode()`, or leave a message that is only its type.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 * @see docs/protocol.md §7.4
 */
export function byteMessage<const Code extends number>(code: Code): ByteMessageBase<Code>;
/**
 * Makes the base of a class that travels as the bytes of a layout:
 * `class Position extends byteMessage(0x10, { id: 'u8', x: 'i16', name: 'string' }) {}`.
 *
 * Fields follow one another in the layout's order. Numbers are big-endian and of fixed size; a bool is one byte, 0 or
 * 1; a string is a varint of its length in bytes and UTF-8; bytes are a varint of the length and the bytes; an array
 * is a varint of its count and the elements; an optional is one byte, 0 or 1, and the value if 1. A layout within the
 * layout takes no bytes of its own. What does not fit its type is refused on `send()`, with the field's name.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 * @see docs/protocol.md §7.3
 */
export function byteMessage<const Code extends number, const Fields extends Layout>(
  code: Code,
  layout: Fields,
): LayoutMessageBase<Code, LayoutFields<Fields>>;
export function byteMessage(code: number, layout?: Layout): MessageClass {
  if (!Number.isInteger(code) || code < 0 || code > MAX_CODE)
    throw definitionError(`the message code is ${show(code)}, expected 0x00 to 0xff`);
  return layout === undefined ? codingBase(code) : layoutBase(code, layout);
}
