import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { CableCarError } from '../errors/cablecar-error.ts';
import { shellOf } from './definition.ts';
import { compileAssigner, type Assigner } from './assigner.ts';
import { JsonHabits } from './json-habits.ts';
import { flawOfAttributes, isPlain, NATIVE_JSON, sayFlaw, type JsonRules } from './json-rules.ts';
import { JsonWriter } from './json-writer.ts';
import type { Message, MessageClass } from './message.ts';
import { attemptEncode, decodeError, encodeError, refusePromise } from './message-errors.ts';
import { clip, show } from './show.ts';
import type { SchemaResult, StandardSchema } from './standard-schema.ts';
import { writeUtf8 } from './utf8.ts';

const MAX_ISSUES_SHOWN = 3;

/** What is known of a class. */
interface Members {
  /** The names that every instance has from it. */
  readonly names: ReadonlySet<string>;
  /** What its instances were given so far, none of which was such a name. */
  readonly habits: JsonHabits<Assigner>;
}

const membersByPrototype = new WeakMap<object, Members>();

/** What a JSON message may override to carry attributes that are not of JSON's types. */
export interface AttributeMapping {
  /** The attributes as they travel: a plain object of built-in types. By default the message's own properties. */
  encodeAttributes(): object;
  /**
   * Takes the attributes that arrived, as `encodeAttributes()` gave them at the other end (after the schema, where
   * there is one). By default each becomes a property. `this` is new and empty: no constructor and no field
   * initialiser has run. Throw to refuse the message.
   */
  decodeAttributes(raw: object): void;
}

/** How the messages of one class become attributes in JSON's types, and back. */
export interface AttributeCodec {
  /** Appends the attributes as the native wire has them. @throws {CableCarError} ERR_MESSAGE_ENCODE */
  readonly write: (message: Message, writer: ByteWriter) => void;
  /** @throws {CableCarError} ERR_MESSAGE_ENCODE */
  readonly attributesOf: (message: Message, rules: JsonRules) => object;
  /** Throws whatever is wrong with the attributes, and what the class's own `decodeAttributes()` throws. */
  readonly restore: (attributes: unknown, rules: JsonRules) => Message;
}

/**
 * Gives a message its attributes as its own properties. A name that the class has already, such as a method's, is
 * refused: whoever sends attributes must not replace what the class does. Throws what `refuse` makes.
 */
export function assignAttributes(
  message: object,
  attributes: object,
  refuse: (sentence: string) => CableCarError,
): void {
  if (typeof attributes !== 'object' || attributes === null)
    throw refuse(`a message was given ${show(attributes)}, expected an object of attributes`);
  const { names, habits } = membersOf(Object.getPrototypeOf(message) as object);
  for (const assign of habits.known) if (assign(message, attributes)) return;
  for (const name of Object.keys(attributes)) {
    if (names.has(name))
      throw refuse(`the attribute ${show(name)} is a member of its class, expected another name`);
  }
  Object.assign(message, attributes);
  habits.learn(attributes);
}

/** Makes the attribute codec of a class whose messages are an {@link AttributeMapping}. */
export function attributeCodec(
  messageClass: MessageClass,
  name: string,
  schema?: StandardSchema,
): AttributeCodec {
  const Shell = shellOf(messageClass);
  const json = new JsonWriter();
  return {
    attributesOf: (message, rules) =>
      judged(encodedAttributes(message as Message & AttributeMapping, name), name, rules),
    write(message, writer) {
      const attributes = encodedAttributes(message as Message & AttributeMapping, name);
      if (!json.write(attributes, writer))
        writeUtf8(writer, JSON.stringify(judged(attributes, name, NATIVE_JSON)));
    },
    restore(attributes, rules) {
      if (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
        throw decodeError(`${name} came with ${show(attributes)}, expected an object`);
      const flaw = flawOfAttributes(attributes, rules);
      if (flaw !== undefined) throw decodeError(`${name} ${sayFlaw(flaw)}`);
      const raw = schema === undefined ? attributes : validated(schema, attributes, name);
      const message = new Shell() as Message & AttributeMapping;
      refusePromise(message.decodeAttributes(raw), `decodeAttributes() of ${name}`);
      return message;
    },
  };
}

/** Attributes that keep the rules, as `JSON.stringify()` may have them. */
function judged(attributes: object, name: string, rules: JsonRules): object {
  const flaw = flawOfAttributes(attributes, rules);
  if (flaw !== undefined) throw encodeError(`${name} ${sayFlaw(flaw)}`);
  // A toJSON() of the class is for the program's own use; it does not decide what travels.
  return 'toJSON' in attributes ? { ...attributes } : attributes;
}

function encodedAttributes(message: Message & AttributeMapping, name: string): object {
  const what = `encodeAttributes() of ${name}`;
  const attributes: unknown = attemptEncode(what, () => message.encodeAttributes());
  if (attributes === message) return message;
  if (typeof attributes === 'object' && attributes !== null && isPlain(attributes))
    return attributes;
  refusePromise(attributes, what);
  throw encodeError(`${what} gave ${show(attributes)}, expected a plain object`);
}

function validated(schema: StandardSchema, attributes: object, name: string): object {
  const answer = schema['~standard'].validate(attributes);
  refusePromise(answer, `the schema of ${name}`);
  const result = answer as SchemaResult<unknown>;
  if (result.issues) throw decodeError(`${name} does not fit its schema: ${sayIssues(result)}`);
  if (typeof result.value === 'object' && result.value !== null) return result.value;
  throw decodeError(`the schema of ${name} gave ${show(result.value)}, expected an object`);
}

function sayIssues({ issues = [] }: SchemaResult<unknown>): string {
  const lines = issues.slice(0, MAX_ISSUES_SHOWN).map(({ message, path = [] }) => {
    const steps = path.map((step) => String(typeof step === 'object' ? step.key : step));
    return `${clip(steps.join('.'))}: ${clip(message)}`;
  });
  return lines.join('; ');
}

function membersOf(prototype: object): Members {
  const known = membersByPrototype.get(prototype);
  if (known !== undefined) return known;
  const names = new Set<string>(); // as `in` takes ten times as long
  for (
    let at: object | null = prototype;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  )
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  const members = { names, habits: new JsonHabits(compileAssigner) };
  membersByPrototype.set(prototype, members);
  return members;
}
