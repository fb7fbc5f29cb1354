/**
 * What travels: every message class extends this one, by way of `jsonMessage()` or `byteMessage()`.
 * A message that arrives is made without its class's constructor and field initialisers; its attributes and its
 * methods are all there.
 */
export abstract class Message {
  /**
   * For the compiler alone: the name or code. It makes two types of two classes that have the same attributes, and
   * keeps out what does not extend this class.
   */
  declare readonly '~type': string | number;
}

/** A message whose name or code the compiler knows. */
export interface TypedMessage<Type extends string | number> {
  readonly '~type': Type;
}

/** A class whose instances travel. */
export type MessageClass = abstract new (...fields: never[]) => Message;

/** The messages that a list of classes makes: `MessageOf<[typeof Move, typeof Chat]>` is `Move | Chat`. */
export type MessageOf<Classes extends readonly MessageClass[]> =
  // InstanceType<> gives `any` where nothing is known of the constructor's parameters.
  Classes[number] extends (abstract new (...fields: never[]) => infer M extends Message)
    ? M
    : never;

/** Attributes of a message that has none. */
export type NoFields = Record<never, never>;

/** What a message's constructor takes: nothing without fields; an optional argument when every field is optional. */
export type FieldsArgument<Fields extends object> = [keyof Fields] extends [never]
  ? []
  : NoFields extends Fields
    ? [fields?: Fields]
    : [fields: Fields];
