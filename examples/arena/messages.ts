import { byteMessage } from 'cablecar';

/** Where a ship is, how it moves, and since when: what another machine needs to draw it. 29 bytes and the frame. */
export class ShipState extends byteMessage(0x30, {
  /** Milliseconds on the clock of whoever flies it. */
  at: 'f64',
  x: 'f32',
  y: 'f32',
  /** Units a second. */
  vx: 'f32',
  vy: 'f32',
  heading: 'f32',
  thrust: 'bool',
}) {}
