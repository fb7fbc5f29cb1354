/**
 * Typed messages over a link or any stream; it knows nothing of discovery.
 * @module @cablecar/messenger
 */
export type { WireName } from '@cablecar/core-protocol';
export type { CloseOptions } from './close-options.ts';
export type { Delivery, SendOptions } from './delivery.ts';
export type { MessengerClose, MessengerEvents } from './events.ts';
export { GameLoopAdapter, type XferOptions } from './game-loop-adapter.ts';
export { gameLoop, type GameLoopOptions, type Tick } from './game-loop.ts';
export { checkMessengerOptions } from './make-wire.ts';
export type { StreamOptions } from './message-stream.ts';
export { Messenger, type MessengerConstructor } from './messenger.ts';
export type { MessengerOptions } from './options.ts';
export type { Reader } from './reader.ts';
export type { RoundTripStats } from './round-trip.ts';
export type { CloseCode } from './session-types.ts';
export type { MessengerStats } from './stats.ts';
