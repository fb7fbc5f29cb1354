import type { ByteWriter } from '../bytes/byte-writer.ts';
import { CableCarError } from '../errors/cablecar-error.ts';
import { BUILTIN_MESSAGES } from './builtin-messages.ts';
import { codecOf, definitionOf, labelOf, titleOf } from './definition.ts';
import type { Message, MessageClass } from './message.ts';
import { definitionError } from './message-errors.ts';
import { show } from './show.ts';

/** How many types a registry may have, the built-in ones included. */
export const MAX_TYPES = 1024;

/** One type of message in a registry: what it is known by, and how it becomes bytes and comes back. */
export interface MessageType {
  /** Its place in the registry's `types`. */
  readonly index: number;
  /** Its name, or its code such as `0x10`. */
  readonly label: string;
  /** How it travels on the native wire: as JSON, or as bytes. */
  readonly kind: 'json' | 'byte';
  /** What it is known by where messages are JSON, if it can travel there. */
  readonly name: string | undefined;
  /** What it is known by where messages are bytes, if it can travel there. */
  readonly code: number | undefined;
  /** 32 bits that differ between two ends that define its layout differently. */
  readonly fingerprint: number;
  readonly messageClass: MessageClass;
  /**
   * Appends the payload to the writer's item. When it throws, part of it may be written: roll the item back.
   * @throws {CableCarError} ERR_MESSAGE_ENCODE
   */
  encode(message: Message, writer: ByteWriter): void;
  /** Reads a payload, the bytes from `start` to `end`. Gives the error that is wrong with it; never throws. */
  decode(bytes: Uint8Array, start: number, end: number): Message | CableCarError;
  /**
   * The attributes as the classic JSON wire carries them: JSON's types, and numbers of every kind that Python has.
   * @throws {CableCarError} ERR_MESSAGE_ENCODE, also when the type has no name
   */
  attributesOf(message: Message): object;
  /** A message with attributes that arrived on the classic JSON wire, or the error that is wrong with them; never throws. */
  fromAttributes(attributes: unknown): Message | CableCarError;
}

/** The message types of one program: the built-in ones, then its own in the order given. Holds no global state. */
export class MessageRegistry {
  readonly types: readonly MessageType[];
  readonly #byClass = new Map<unknown, MessageType>();
  /** The type found last: a burst is mostly of one. */
  #latest: MessageType | undefined;
  readonly #byName = new Map<string, MessageType>();
  readonly #byCode = new Map<number, MessageType>();

  /**
   * Takes the classes of messages; built-in ones may be among them, and a class may be named twice.
   * @throws {CableCarError} ERR_MESSAGE_DEFINITION, ERR_MESSAGE_DUPLICATE
   */
  constructor(classes: readonly MessageClass[] = []) {
    const all = [...new Set([...BUILTIN_MESSAGES, ...classes])];
    if (all.length > MAX_TYPES)
      throw definitionError(
        `a registry was given ${all.length} types, expected at most ${MAX_TYPES}`,
      );
    this.types = all.map((messageClass, index) => this.#register(messageClass, index));
  }

  /**
   * The type of a message, by its exact class.
   * @throws {CableCarError} ERR_MESSAGE_UNREGISTERED
   */
  typeOf(message: Message): MessageType {
    const messageClass = message?.constructor;
    if (this.#latest !== undefined && this.#latest.messageClass === messageClass)
      return this.#latest;
    const type = this.#byClass.get(messageClass);
    if (type !== undefined) return (this.#latest = type);
    throw new CableCarError(
      'ERR_MESSAGE_UNREGISTERED',
      `the message is ${show(message)}, expected an instance of a class in \`messages\``,
    );
  }

  /** Whether it has these classes, the built-in ones, and no others. */
  isOf(classes: readonly MessageClass[]): boolean {
    const own = new Set([...BUILTIN_MESSAGES, ...classes]);
    return (
      own.size === this.types.length &&
      this.types.every(({ messageClass }) => own.has(messageClass))
    );
  }

  /** The type that travels by this name where messages are JSON. */
  byName(name: string): MessageType | undefined {
    return this.#byName.get(name);
  }

  /** The type that travels by this code where messages are bytes. */
  byCode(code: number): MessageType | undefined {
    return this.#byCode.get(code);
  }

  #register(messageClass: MessageClass, index: number): MessageType {
    const { kind, name, code, fingerprint } = definitionOf(messageClass);
    const label = labelOf({ name, code });
    const codec = codecOf(messageClass);
    const type = { index, label, kind, name, code, fingerprint, messageClass, ...codec };
    this.#byClass.set(messageClass, type);
    if (name !== undefined) claim(this.#byName, name, type);
    if (code !== undefined) claim(this.#byCode, code, type);
    return type;
  }
}

const registries = new WeakMap<readonly MessageClass[], MessageRegistry>();

/**
 * The registry of a list of classes: the same one for the same list, as thousands of peers have it, as long as nobody
 * changes the list.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION, ERR_MESSAGE_DUPLICATE
 */
export function registryOf(classes: readonly MessageClass[]): MessageRegistry {
  const known = registries.get(classes);
  if (known?.isOf(classes)) return known;
  const registry = new MessageRegistry(classes);
  registries.set(classes, registry);
  return registry;
}

function claim<Key>(types: Map<Key, MessageType>, key: Key, type: MessageType): void {
  const other = types.get(key);
  types.set(key, type);
  if (other === undefined) return;
  const titles = `${titleOf(other.messageClass)} and ${titleOf(type.messageClass)}`;
  const shared =
    typeof key === 'number'
      ? `the code ${labelOf({ name: undefined, code: key })}`
      : `the name '${String(key)}'`;
  throw new CableCarError(
    'ERR_MESSAGE_DUPLICATE',
    `${titles} share ${shared}, expected each class to have its own`,
  );
}
