import { byteMessage, jsonMessage } from 'cablecar';

/** Travels as JSON: any attributes of built-in types. */
export class Chat extends jsonMessage('Chat')<{ text: string }> {}

/** Travels as 12 bytes and the name: the layout makes the encoder and the decoder. */
export class Position extends byteMessage(0x10, {
  frame: 'u32',
  x: 'f32',
  y: 'f32',
  name: 'string',
}) {
  distanceTo(other: Position): number {
    return Math.hypot(this.x - other.x, this.y - other.y);
  }
}
