import {
  beginFrame,
  CableCarError,
  encodeCatalog,
  endFrame,
  FIRST_MESSAGE_TYPE,
  FrameDecoder,
  matchCatalog,
  mostWireBytes,
  PartJoiner,
  type ByteWriter,
  type Message,
  type MessageClass,
  type MessageRegistry,
  type MessageType,
  type OpenFrame,
} from '@cablecar/core-protocol';
import type { ResolvedMessengerOptions } from './options.ts';
import { SessionMachine } from './session-machine.ts';
import type { Frame, Wire } from './wire.ts';

/** The wire of cablecar itself. @see docs/protocol.md §5, §6 */
export class NativeWire implements Wire {
  readonly rules: SessionMachine;
  frames: FrameDecoder;
  readonly parts: PartJoiner;
  readonly flow = 'credit';
  readonly firstMessageType: number = FIRST_MESSAGE_TYPE;
  readonly #registry: MessageRegistry;
  readonly #ownMaxMessageBytes: number;
  #maxMessageBytes: number;
  /** The peer's types by its numbers; undefined where this program has no equal. */
  #decoders: readonly (MessageType | undefined)[] = [];

  constructor(registry: MessageRegistry, options: ResolvedMessengerOptions, resumable: boolean) {
    this.#registry = registry;
    this.#ownMaxMessageBytes = this.#maxMessageBytes = options.maxMessageBytes;
    this.frames = new FrameDecoder(this.#ownMaxMessageBytes);
    this.parts = new PartJoiner(this.#ownMaxMessageBytes);
    this.rules = new SessionMachine({
      windowMessages: options.inboxMessages,
      // A smaller window would hold a message of the greatest size for ever.
      windowBytes: Math.max(options.inboxBytes, mostWireBytes(options.maxMessageBytes)),
      maxMessageBytes: options.maxMessageBytes,
      catalog: encodeCatalog(registry),
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      suspectAfterMs: options.suspectAfterMs,
      silenceTimeoutMs: options.silenceTimeoutMs,
      resumable,
      resumeWindowMs: options.resumeWindowMs,
    });
  }

  reset(): void {
    this.frames = new FrameDecoder(this.#ownMaxMessageBytes);
  }

  encode(message: Message, writer: ByteWriter): void {
    const type = this.#registry.typeOf(message);
    beginFrame(writer, FIRST_MESSAGE_TYPE + type.index);
    type.encode(message, writer);
    const frameBytes = endFrame(writer);
    if (frameBytes <= this.#maxMessageBytes) return;
    const sentence = `${type.label} takes a frame of ${frameBytes} bytes, expected at most ${this.#maxMessageBytes}`;
    if (frameBytes > this.#ownMaxMessageBytes)
      throw new CableCarError('ERR_MESSAGE_TOO_LARGE', sentence);
    throw new CableCarError('ERR_PEER_LIMIT', `${sentence}, which is what the peer takes`);
  }

  classOf({ type }: Frame): MessageClass | undefined {
    return this.#decoders[type - FIRST_MESSAGE_TYPE]?.messageClass;
  }

  decode({ type, bytes, start, end }: Frame): Message | CableCarError | undefined {
    const index = type - FIRST_MESSAGE_TYPE;
    if (index >= this.#decoders.length) {
      return new CableCarError(
        'ERR_MESSAGE_UNKNOWN',
        `a message of type number ${index} arrived, expected one of the ${this.#decoders.length} that the peer listed`,
      );
    }
    return this.#decoders[index]?.decode(bytes, start, end);
  }

  opened(open: OpenFrame): readonly CableCarError[] | CableCarError {
    const match = matchCatalog(this.#registry, open.catalog);
    if (match instanceof CableCarError) return match;
    this.#maxMessageBytes = Math.min(this.#maxMessageBytes, open.maxMessageBytes);
    this.#decoders = match.decoders;
    return match.problems;
  }
}
