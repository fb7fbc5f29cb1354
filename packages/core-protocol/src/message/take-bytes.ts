/** So few bytes lie in the object itself. */
const FEW = 64;
/** Bytes may keep alive what is up to so many times their size, and are not copied then. */
const WORTH = 64;
/** What is cut up for copies of more than a few bytes: half of what the runtime itself cuts its small buffers from. */
const SLAB_BYTES = 4095;

/** What was read from last, and the whole of its memory: to ask for that costs a call, and a burst is in one chunk. */
let source: Uint8Array = new Uint8Array(0);
let memory: Uint8Array = source;
let offset = 0;
let slab: Buffer = Buffer.alloc(0);
let slabUsed = 0;

/**
 * The bytes from `start` to `end`, the receiver's to keep. A few of them do not keep a whole chunk of the connection
 * alive, nor does anything keep more than 64 times its size.
 */
export function takeBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (bytes !== source) {
    source = bytes;
    memory = new Uint8Array(bytes.buffer);
    offset = bytes.byteOffset;
  }
  const length = end - start;
  const from = offset + start;
  if (length <= FEW) return memory.slice(from, from + length);
  const view = memory.subarray(from, from + length);
  if (length * WORTH >= memory.length) return view;
  return length <= SLAB_BYTES ? copied(view) : view.slice();
}

function copied(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (slabUsed + length > slab.length) {
    slab = Buffer.allocUnsafe(SLAB_BYTES);
    slabUsed = 0;
  }
  const copy = new Uint8Array(slab.buffer, slab.byteOffset + slabUsed, length);
  copy.set(bytes);
  slabUsed += length;
  return copy;
}
