import type { CableCarError } from '../errors/cablecar-error.ts';
import { ClassicByteDecoder } from './classic-byte-decoder.ts';
import { ClassicJsonDecoder } from './classic-json-decoder.ts';
import { CLASSIC_HEADER_BYTES } from './classic-limits.ts';
import type { ClassicWire } from './wire-name.ts';

/**
 * Passes on whole frames and holds back the beginning of the next one, so that what comes over two connections to one
 * peer can be joined into one stream in any order of their chunks. One for each connection.
 * What it holds back is bounded as in {@link ClassicJsonDecoder} and {@link ClassicByteDecoder}. Never throws.
 * @see docs/protocol.md §9.4
 */
export class WholeFrames {
  readonly #decoder: ClassicJsonDecoder | ClassicByteDecoder;
  readonly #headerBytes: number;

  constructor(wire: ClassicWire, maxLineBytes: number) {
    const json = wire === 'classic-json';
    this.#decoder = json ? new ClassicJsonDecoder(maxLineBytes) : new ClassicByteDecoder();
    this.#headerBytes = json ? 0 : CLASSIC_HEADER_BYTES;
  }

  /** Set when the bytes are not frames; nothing more is passed on then, and the connection is to close. */
  get error(): CableCarError | undefined {
    return this.#decoder.error;
  }

  /** The latest line that was too long and skipped, once. */
  takeWarning(): CableCarError | undefined {
    return this.#decoder instanceof ClassicJsonDecoder ? this.#decoder.takeWarning() : undefined;
  }

  /** Takes what one read gave; gives the frames that are whole now, many in a piece: the chunk itself where it can. */
  push(chunk: Uint8Array): readonly Buffer[] {
    const decoder = this.#decoder;
    const pieces: Buffer[] = [];
    let run: Buffer | undefined;
    let start = 0;
    let end = 0;
    decoder.push(chunk);
    while (decoder.next()) {
      const from = decoder.start - this.#headerBytes;
      if (decoder.bytes !== run || from !== end) {
        if (run !== undefined) pieces.push(run.subarray(start, end));
        run = decoder.bytes;
        start = from;
      }
      end = from + decoder.frameBytes;
    }
    if (run !== undefined) pieces.push(run.subarray(start, end));
    return pieces;
  }
}
