import { byteMessage, jsonMessage } from 'cablecar';

/** Which message of which talk this is: the program's life, the how-manieth peer it is to it, and the number. */
const STAMP = { life: 'u32', talk: 'u32', number: 'u32' } as const;

export class Small extends byteMessage(0x20, STAMP) {}

export class Text extends jsonMessage('Text')<{
  life: number;
  talk: number;
  number: number;
  text: string;
}> {}

export class Large extends byteMessage(0x21, { ...STAMP, bytes: 'bytes' }) {}

/** Sent as the latest of its ship. */
export class Place extends byteMessage(0x22, { ...STAMP, ship: 'u8' }) {}

/** Sent to go at once or never, or for some time only. */
export class Spark extends byteMessage(0x23, STAMP) {}

export const MESSAGES = [Small, Text, Large, Place, Spark] as const;

/** Any of them. */
export type Stamped = Small | Text | Large | Place | Spark;

/** Whether a message is of those that arrive in order and once. */
export function isReliable(message: Stamped): boolean {
  return !(message instanceof Place || message instanceof Spark);
}
