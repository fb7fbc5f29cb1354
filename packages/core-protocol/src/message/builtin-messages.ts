import { assignAttributes, attributeCodec, type AttributeMapping } from './attributes.ts';
import { CODING_FINGERPRINT, codingCodec, CodingMessage } from './coding-message.ts';
import { DEFINITION, type MessageCodec, type MessageDefinition } from './definition.ts';
import { CLASSIC_JSON } from './json-rules.ts';
import { localIdentity, type LocalIdentity } from './local-identity.ts';
import type { MessageClass, TypedMessage } from './message.ts';
import { attemptDecode, decodeError, encodeError } from './message-errors.ts';
import { show } from './show.ts';
import { readUtf8 } from './utf8.ts';

/** Known by name where messages are JSON, and by code where they are bytes. */
class BuiltinMessage extends CodingMessage implements AttributeMapping {
  encodeAttributes(): object {
    return this;
  }

  decodeAttributes(raw: object): void {
    assignAttributes(this, raw, decodeError);
  }
}

type BuiltinBase<Name extends string> = new () => BuiltinMessage & TypedMessage<Name>;

const IdentifyBase: BuiltinBase<'MsgIdentify'> = builtinBase('MsgIdentify', 0x01);
const JoinBase: BuiltinBase<'MsgJoin'> = builtinBase('MsgJoin', 0x02);
const RetryBase: BuiltinBase<'MsgRetry'> = builtinBase('MsgRetry', 0x03);
const QuitBase: BuiltinBase<'MsgQuit'> = builtinBase('MsgQuit', 0x04);

/**
 * Says who is at this end. Its bytes are `username@hostname` in UTF-8, so neither may contain an `@` there.
 * @see docs/protocol.md §7.5
 */
export class MsgIdentify extends IdentifyBase {
  /** Who runs the program; by default the user's login name. */
  username: string;
  /** Where it runs; by default the host's name. */
  hostname: string;

  /** @throws {CableCarError} ERR_OPTION where a field is left out and the system cannot be asked for it */
  constructor({ username, hostname }: Partial<LocalIdentity> = {}) {
    super();
    this.username = username ?? localIdentity().username;
    this.hostname = hostname ?? localIdentity().hostname;
  }

  override encode(): Uint8Array {
    for (const value of [this.username, this.hostname]) {
      if (typeof value !== 'string' || value.includes('@'))
        throw encodeError(`MsgIdentify has ${show(value)}, expected names without '@'`);
    }
    return Buffer.from(`${this.username}@${this.hostname}`);
  }

  override decode(bytes: Uint8Array): void {
    const [username, hostname, ...more] = readUtf8(bytes, 0, bytes.length)?.split('@') ?? [];
    if (username === undefined || hostname === undefined || more.length > 0)
      throw decodeError(`MsgIdentify came with ${bytes.length} bytes, expected username@hostname`);
    this.username = username;
    this.hostname = hostname;
  }

  override decodeAttributes(raw: object): void {
    super.decodeAttributes(raw);
    for (const value of [this.username, this.hostname]) {
      if (typeof value !== 'string')
        throw decodeError(`MsgIdentify came with ${show(value)}, expected username and hostname`);
    }
  }
}

/** Asks to take part; only its type. @see docs/protocol.md §7.5 */
export class MsgJoin extends JoinBase {}

/** Asks to begin again; only its type. @see docs/protocol.md §7.5 */
export class MsgRetry extends RetryBase {}

/** Says that this end leaves; only its type. @see docs/protocol.md §7.5 */
export class MsgQuit extends QuitBase {}

/** The messages that every registry has, in the order of their codes. */
export const BUILTIN_MESSAGES: readonly MessageClass[] = [MsgIdentify, MsgJoin, MsgRetry, MsgQuit];

function builtinBase<Name extends string>(name: Name, code: number): BuiltinBase<Name> {
  const definition: MessageDefinition = {
    kind: 'byte',
    name,
    code,
    fingerprint: CODING_FINGERPRINT,
    makeCodec: (messageClass) => builtinCodec(messageClass, name),
  };
  return class extends BuiltinMessage {
    static readonly [DEFINITION] = definition;
    declare readonly '~type': Name;
  };
}

function builtinCodec(messageClass: MessageClass, name: string): MessageCodec {
  const { attributesOf, restore } = attributeCodec(messageClass, name);
  return {
    ...codingCodec(messageClass),
    attributesOf: (message) => attributesOf(message, CLASSIC_JSON),
    fromAttributes: (attributes) => attemptDecode(name, () => restore(attributes, CLASSIC_JSON)),
  };
}
