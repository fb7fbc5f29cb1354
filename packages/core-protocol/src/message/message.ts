/**
 * What travels: every message class extends this one, by way of `jsonMessage()` or `byteMessage()`.
 * A message that arrives is made without its class's constructor and field initialisers; its attributes and its
 * methods are all there.
 */
export abstract class Message {
  /** Only a class that extends this one is taken for a message by the compiler. */
  declare private readonly '~message': true;
}

/** A class whose instances travel. */
export type MessageClass = abstract new (...fields: never[]) => Message;

/** The messages that a list of classes makes: `MessageOf<[typeof Move, typeof Chat]>` is `Move | Chat`. */
export type MessageOf<Classes extends readonly MessageClass[]> = InstanceType<Classes[number]>;

/** Attributes of a message that has none. */
export type NoFields = Record<never, never>;

/** What a message's constructor takes: nothing without fields; an optional argument when every field is optional. */
export type FieldsArgument<Fields extends object> = [keyof Fields] extends [never]
  ? []
  : NoFields extends Fields
    ? [fields?: Fields]
    : [fields: Fields];
