import type { Socket } from 'node:net';

const BATCH_BYTES = 65_536;

/** Frames of one turn, joined in one buffer and written at once at its end: what a careful program would write itself. */
export class Batch {
  bytes: Buffer = Buffer.allocUnsafeSlow(BATCH_BYTES);
  length = 0;
  readonly #socket: Socket;
  #isScheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Whether the socket takes more. */
  get isRoomy(): boolean {
    return !this.#socket.writableNeedDrain;
  }

  /** Makes room for one frame behind those that are there. */
  reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.#write(Math.max(BATCH_BYTES, count));
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(() => {
      this.#isScheduled = false;
      this.#write(BATCH_BYTES);
    });
  }

  #write(next: number): void {
    if (this.length > 0) {
      this.#socket.write(this.bytes.subarray(0, this.length));
      // Used again when the system has it, which it mostly has at once.
      if (this.#socket.writableLength > 0) this.bytes = Buffer.allocUnsafeSlow(next);
    }
    if (this.bytes.length < next) this.bytes = Buffer.allocUnsafeSlow(next);
    this.length = 0;
  }
}
