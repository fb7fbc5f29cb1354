import {
  ByteWriter,
  writeAck,
  writeClose,
  writeEcho,
  writeOpen,
  type AckFrame,
  type CloseFrame,
  type OpenFrame,
} from '@cablecar/core-protocol';
import type { SessionAction } from './session-types.ts';

/** Control frames as the actions that write them. */
export class ControlWriter {
  readonly #writer = new ByteWriter(64);

  open(open: OpenFrame): SessionAction {
    writeOpen(this.#writer, open);
    return this.#action();
  }

  ack(ack: AckFrame): SessionAction {
    writeAck(this.#writer, ack);
    return this.#action();
  }

  echo(type: number, token: number): SessionAction {
    writeEcho(this.#writer, type, token);
    return this.#action();
  }

  close(close: CloseFrame): SessionAction {
    writeClose(this.#writer, close);
    return this.#action();
  }

  #action(): SessionAction {
    const bytes = this.#writer.copyItem();
    this.#writer.clear();
    return { kind: 'control', bytes };
  }
}
