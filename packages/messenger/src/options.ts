import {
  MAX_FRAME_LENGTH,
  optionError,
  wholeNumber,
  WIRES,
  type MessageClass,
  type Observer,
  type WireName,
} from '@cablecar/core-protocol';
import { systemObserver } from '@cablecar/transport';

/** What a {@link Messenger} is set to. */
export interface MessengerOptions<
  Classes extends readonly MessageClass[] = readonly MessageClass[],
> {
  /** The message classes that may be sent and are understood; the built-in ones always are. @default [] */
  readonly messages?: Classes;
  /** What is spoken on the connection; both ends must agree. @default 'native' ('native', 'classic-json' or 'classic-byte') */
  readonly wire?: WireName;
  /**
   * The largest message sent and taken, in bytes, with the length and type before it. A larger one is refused at
   * `send()`; a peer that sends one is closed. What is larger than 66,560 bytes travels in parts, between which others
   * pass. @default 1_048_576 (range 1_024 to 268_435_455)
   */
  readonly maxMessageBytes?: number;
  /**
   * Messages that may wait unread. At the limit the peer is held until the application takes some.
   * @default 16_384 (range 16 to 1_048_576)
   */
  readonly inboxMessages?: number;
  /**
   * Bytes of messages that may wait unread; never less than `maxMessageBytes`, so that one always fits. At the limit the
   * peer is held. @default 1_048_576 (range 1_024 to 1_073_741_824)
   */
  readonly inboxBytes?: number;
  /**
   * Bytes sent and not yet received by the peer above which `send()` answers false; `drain` follows at half of it.
   * @default 1_048_576 (range 1_024 to 1_073_741_824)
   */
  readonly outboxBytes?: number;
  /**
   * Bytes sent and not yet received by the peer above which `send()` throws ERR_OUTBOX_FULL.
   * @default 67_108_864 (range 1_024 to 4_294_967_296)
   */
  readonly outboxLimitBytes?: number;
  /** How often the peer is pinged, in milliseconds. @default 1_000 (range 10 to 60_000) */
  readonly heartbeatIntervalMs?: number;
  /**
   * How long a peer may be silent before `suspect` is emitted, in milliseconds. @default 3_000 (range 20 to 3_600_000)
   */
  readonly suspectAfterMs?: number;
  /**
   * How long a peer may be silent before its connection counts as dead and another one is made, in milliseconds; at
   * least twice the heartbeat interval. @default 6_000 (range 20 to 3_600_000)
   */
  readonly silenceTimeoutMs?: number;
  /**
   * How long a session may be without a connection before it is given up, in milliseconds. Until then nothing is lost;
   * at the limit `close` has the code `lost` and the count of what was not delivered.
   * @default 30_000 (range 0 to 3_600_000)
   */
  readonly resumeWindowMs?: number;
  /** How long `close()` waits for the peer to receive what was sent, in milliseconds. @default 2_000 (range 1 to 600_000) */
  readonly flushTimeoutMs?: number;
  /** Who is told what happens, instead of the channels of `node:diagnostics_channel`. @default those channels */
  readonly observer?: Observer;
}

/** The options with every default filled in. */
export type ResolvedMessengerOptions = Required<Omit<MessengerOptions, 'messages'>>;

const RANGES = {
  maxMessageBytes: { fallback: 1_048_576, low: 1_024, high: MAX_FRAME_LENGTH },
  inboxMessages: { fallback: 16_384, low: 16, high: 1_048_576 },
  inboxBytes: { fallback: 1_048_576, low: 1_024, high: 1_073_741_824 },
  outboxBytes: { fallback: 1_048_576, low: 1_024, high: 1_073_741_824 },
  outboxLimitBytes: { fallback: 67_108_864, low: 1_024, high: 4_294_967_296 },
  heartbeatIntervalMs: { fallback: 1_000, low: 10, high: 60_000 },
  suspectAfterMs: { fallback: 3_000, low: 20, high: 3_600_000 },
  silenceTimeoutMs: { fallback: 6_000, low: 20, high: 3_600_000 },
  resumeWindowMs: { fallback: 30_000, low: 0, high: 3_600_000 },
  flushTimeoutMs: { fallback: 2_000, low: 1, high: 600_000 },
} as const;

/**
 * Checks the options and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveMessengerOptions(options: MessengerOptions): ResolvedMessengerOptions {
  const resolved: Record<string, unknown> = {
    wire: options.wire ?? 'native',
    observer: options.observer ?? systemObserver,
  };
  if (!WIRES.includes(resolved['wire'] as WireName)) {
    throw optionError('wire', options.wire, WIRES.join(', '));
  }
  for (const [field, { fallback, low, high }] of Object.entries(RANGES)) {
    const value = options[field as keyof typeof RANGES] ?? fallback;
    resolved[field] = wholeNumber(field, value, { low, high });
  }
  const checked = resolved as unknown as ResolvedMessengerOptions;
  if (checked.silenceTimeoutMs < 2 * checked.heartbeatIntervalMs) {
    throw optionError(
      'silenceTimeoutMs',
      checked.silenceTimeoutMs,
      `at least twice heartbeatIntervalMs (${checked.heartbeatIntervalMs})`,
    );
  }
  return checked;
}
