import { byteMessage } from 'cablecar';

/** An honest peer asks … */
export class Ping extends byteMessage(0x50, { number: 'u32' }) {}
/** … and is answered. */
export class Pong extends byteMessage(0x51, { number: 'u32' }) {}
