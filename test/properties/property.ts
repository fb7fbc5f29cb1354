import { fail } from 'node:assert/strict';
import { ByteWriter, CableCarError, type Message, type MessageType } from '@cablecar/core-protocol';
import type * as fc from 'fast-check';

/** A sentence that is to hold for every case of a kind. */
export interface Property {
  readonly name: string;
  /** Of a hundred cases, how many are of this kind. */
  readonly percent: number;
  readonly check: fc.IRawProperty<unknown>;
}

/** The bytes of a message. */
export function encoded(type: MessageType, message: Message): Buffer {
  const writer = new ByteWriter(16); // small: items move often
  type.encode(message, writer);
  return writer.copyItem();
}

/** What comes of bytes that lie in the middle of a chunk. */
export function decoded(type: MessageType, payload: Uint8Array): Message | CableCarError {
  const chunk = Buffer.concat([Buffer.from([0xaa]), payload, Buffer.from([0xbb, 0xbb])]);
  return type.decode(chunk, 1, 1 + payload.length);
}

/** Demands that a message was refused, by a code. */
export function demandRefused(result: unknown): void {
  if (CableCarError.is(result, 'ERR_MESSAGE_DECODE')) return;
  fail(`${JSON.stringify(result)} was taken, expected ERR_MESSAGE_DECODE`);
}

/** Cuts a stream into chunks of the given sizes, over and over. */
export function cut(stream: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    chunks.push(stream.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
