import { byteMessage } from 'cablecar';

/** The host begins a game: whatever comes of an earlier one means nothing any more. */
export class Begin extends byteMessage(0x20, { game: 'u32', first: 'string' }) {}

/** A disc is dropped. */
export class Drop extends byteMessage(0x21, { game: 'u32', column: 'u8' }) {}

/** Where a player's hand is. Only the latest is of interest. */
export class Aim extends byteMessage(0x22, { column: 'u8' }) {}

/** Everything that is said at a table. */
export type Word = Begin | Drop | Aim;
