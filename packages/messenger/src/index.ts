export type { MessengerClose, MessengerEvents } from './events.ts';
export { GameLoopAdapter, type XferOptions } from './game-loop-adapter.ts';
export { gameLoop, type Frame, type GameLoopOptions } from './game-loop.ts';
export type { StreamOptions } from './message-stream.ts';
export {
  Messenger,
  type CloseOptions,
  type MessengerConstructor,
  type MessengerStats,
} from './messenger.ts';
export type { MessengerOptions, WireName } from './options.ts';
export type { Reader } from './reader.ts';
export type { RoundTripStats } from './round-trip.ts';
export type { CloseCode } from './session-types.ts';
