/** Bytes stay in the chunk where that is no larger than so many times their size. */
const WORTH = 64;
/** Else they are copied together with what lies behind them: for many small fields that is one copy and no more. */
const STRETCH_BYTES = 8192;

/** What was read from last, and where in memory that is: to ask for that costs a call, and a burst is in one chunk. */
let source: Uint8Array = new Uint8Array(0);
let memory: ArrayBufferLike = source.buffer;
let offset = 0;
/** Whether something was copied of it already. */
let isCopiedFrom = false;
/** The stretch of it that was copied last. */
let stretch: ArrayBufferLike = source.buffer;
let stretchStart = 0;
let stretchEnd = 0;

/**
 * The bytes from `start` to `end`, the receiver's to keep. They keep no more alive than 64 times their size, or 8 KiB, as
 * small buffers of Node do: not the whole chunk of the connection that they came in.
 */
export function takeBytes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (bytes !== source) look(bytes);
  if (start < stretchStart || end > stretchEnd) return takeFromChunk(start, end);
  return new Uint8Array(stretch, start - stretchStart, end - start);
}

function look(bytes: Uint8Array): void {
  source = bytes;
  memory = bytes.buffer;
  offset = bytes.byteOffset;
  isCopiedFrom = false;
  stretchStart = stretchEnd = 0;
}

function takeFromChunk(start: number, end: number): Uint8Array {
  const length = end - start;
  if (length * WORTH >= memory.byteLength) return new Uint8Array(memory, offset + start, length);
  // The first of a chunk may be the only one.
  if (!isCopiedFrom || length > STRETCH_BYTES) {
    isCopiedFrom = true;
    return new Uint8Array(memory, offset + start, length).slice();
  }
  stretchStart = start;
  stretchEnd = Math.min(start + STRETCH_BYTES, source.length);
  stretch = new Uint8Array(memory, offset + start, stretchEnd - start).slice().buffer;
  return new Uint8Array(stretch, 0, length);
}
