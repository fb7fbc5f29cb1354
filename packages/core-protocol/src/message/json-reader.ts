import { JsonHabits } from './json-habits.ts';
import { compileJsonReader, type JsonShapeReader } from './json-shape-reader.ts';
import type { Message } from './message.ts';

/** A longer text gains nothing, and could have more keys than are allowed. */
const MAX_BYTES = 4096;

/** Reads the messages of one class, as long as they look like ones that came before. */
export class JsonReader {
  readonly #habits: JsonHabits<JsonShapeReader>;

  /** `prototype` is that of the messages, which have to take their attributes as they come. */
  constructor(prototype: object) {
    this.#habits = new JsonHabits((shape) => compileJsonReader(shape, prototype));
  }

  /** The message, where it is as expected; else undefined, right or wrong. */
  read(bytes: Uint8Array, start: number, end: number): Message | undefined {
    if (end - start > MAX_BYTES) return undefined;
    for (const read of this.#habits.known) {
      const message = read(bytes, start, end);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  /** Takes note of attributes that were parsed, judged, and good. */
  learn(attributes: object): void {
    this.#habits.learn(attributes);
  }
}
