import { ByteWriter, writeFrame } from '@cablecar/core-protocol';

/** A whole frame. */
export function frameOf(type: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const writer = new ByteWriter();
  writeFrame(writer, type, payload);
  return writer.copyItem();
}
