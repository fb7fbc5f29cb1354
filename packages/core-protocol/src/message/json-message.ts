import { assignAttributes, attributeCodec, type AttributeMapping } from './attributes.ts';
import { DEFINITION, type MessageCodec, type MessageDefinition } from './definition.ts';
import { fingerprintOf } from './fingerprint.ts';
import { JsonReader } from './json-reader.ts';
import { CLASSIC_JSON, NATIVE_JSON } from './json-rules.ts';
import { parseJson } from './json-text.ts';
import {
  Message,
  type FieldsArgument,
  type MessageClass,
  type NoFields,
  type TypedMessage,
} from './message.ts';
import { attemptDecode, decodeError, definitionError, encodeError } from './message-errors.ts';
import { flawOfName } from './name-rule.ts';
import { show } from './show.ts';
import type { StandardSchema } from './standard-schema.ts';

/**
 * Says the same once more, as abstract methods: together they may be overridden with or without the word `override`
 * under `noImplicitOverride`, and need not be overridden at all.
 */
declare abstract class AbstractMapping {
  abstract encodeAttributes(): object;
  abstract decodeAttributes(raw: object): void;
}

/** A message that travels as JSON. */
export type JsonMessage<Name extends string = string> = Message &
  TypedMessage<Name> &
  AttributeMapping &
  AbstractMapping;

/** What `jsonMessage(name)` gives: a class to extend, with the attributes as its type argument. */
export interface JsonMessageBase<Name extends string> {
  new <Fields extends object = NoFields>(
    ...fields: FieldsArgument<Fields>
  ): JsonMessage<Name> & Fields;
}

/** What `jsonMessage(name, schema)` gives: a class to extend. */
export interface SchemaMessageBase<
  Name extends string,
  Input extends object,
  Output extends object,
> {
  new (...fields: FieldsArgument<Input>): JsonMessage<Name> & Output;
}

/**
 * Makes the base of a class that travels as JSON, known by `name`:
 * `class Chat extends jsonMessage('Chat')<{ text: string }> {}`.
 *
 * Attributes are of JSON's types: text, finite numbers, booleans, null, plain objects and arrays, nested at most
 * 64 levels deep with at most 10,000 keys. `undefined` attributes are left out, and -0 becomes 0. The classic JSON wire
 * carries what Python has beside: bigint, NaN and the infinities, -0, and up to 499 levels. The name is
 * 1 to 64 printable characters; it, not the class's own name, is what the other end goes by. Do not declare the
 * attributes again as fields of the class: a field begins its life as undefined, after the constructor of the base.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 * @see docs/protocol.md §7.2
 */
export function jsonMessage<const Name extends string>(name: Name): JsonMessageBase<Name>;
/**
 * Makes the base of a class that travels as JSON and is validated where it arrives:
 * `class Move extends jsonMessage('Move', z.object({ x: z.number() })) {}`.
 *
 * The constructor takes the schema's input and validates nothing; the schema's defaults and transforms are applied
 * at the receiving end. The schema must be synchronous.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 */
export function jsonMessage<const Name extends string, Input extends object, Output extends object>(
  name: Name,
  schema: StandardSchema<Input, Output>,
): SchemaMessageBase<Name, Input, Output>;
export function jsonMessage(name: string, schema?: StandardSchema): MessageClass {
  const flaw = flawOfName(name);
  if (flaw !== undefined)
    throw definitionError(`the message name ${show(name)} ${flaw}, expected 1 to 64 characters`);
  if (schema !== undefined && typeof schema['~standard']?.validate !== 'function')
    throw definitionError(`${name} was given ${show(schema)}, expected a Standard Schema`);
  const definition: MessageDefinition = {
    kind: 'json',
    name,
    code: undefined,
    // A schema has no text of its own that two programs could compare.
    fingerprint: fingerprintOf('json'),
    makeCodec: (messageClass) => jsonCodec(messageClass, name, schema),
  };
  return class extends JsonBase {
    static readonly [DEFINITION] = definition;
  };
}

class JsonBase extends Message implements AttributeMapping {
  constructor(fields?: object) {
    super();
    if (fields !== undefined) assignAttributes(this, fields, encodeError);
  }

  encodeAttributes(): object {
    return this;
  }

  decodeAttributes(raw: object): void {
    assignAttributes(this, raw, decodeError);
  }
}

function jsonCodec(
  messageClass: MessageClass,
  name: string,
  schema: StandardSchema | undefined,
): MessageCodec {
  const { write, attributesOf, restore } = attributeCodec(messageClass, name, schema);
  const reader = takesAttributesAsTheyCome(messageClass, schema)
    ? new JsonReader(messageClass.prototype)
    : undefined;
  const decode = (bytes: Uint8Array, start: number, end: number): Message => {
    const attributes = parseJson({ bytes, start, end, label: name });
    const message = restore(attributes, NATIVE_JSON);
    reader?.learn(attributes as object);
    return message;
  };
  return {
    encode: write,
    decode: (bytes, start, end) =>
      reader?.read(bytes, start, end) ?? attemptDecode(name, () => decode(bytes, start, end)),
    attributesOf: (message) => attributesOf(message, CLASSIC_JSON),
    fromAttributes: (attributes) => attemptDecode(name, () => restore(attributes, CLASSIC_JSON)),
  };
}

/** Whether the messages of a class are given their attributes and nothing else happens. */
function takesAttributesAsTheyCome(messageClass: MessageClass, schema?: StandardSchema): boolean {
  const prototype = messageClass.prototype as object;
  return schema === undefined && memberOf(prototype) === memberOf(JsonBase.prototype);
}

function memberOf(prototype: object): unknown {
  return (prototype as Record<keyof AttributeMapping, unknown>).decodeAttributes;
}
