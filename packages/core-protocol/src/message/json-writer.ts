import type { ByteWriter } from '../bytes/byte-writer.ts';
import { JsonHabits } from './json-habits.ts';
import { MAX_KEYS } from './json-rules.ts';
import { compileJsonWriter } from './json-shape-writer.ts';
import { JsonWalk } from './json-walk.ts';

/** Writes the attributes of one class's messages, by code made for how they look, or in a walk. */
export class JsonWriter {
  readonly #habits = new JsonHabits(compileJsonWriter);

  /** Appends attributes as JSON. False, and nothing is written, where they break a rule of the native wire. */
  write(attributes: object, writer: ByteWriter): boolean {
    const before = writer.length - writer.start;
    for (const write of this.#habits.known) {
      if (write(attributes, writer)) return true;
      writer.length = writer.start + before;
    }
    if (new JsonWalk(writer, MAX_KEYS).object(attributes, 1)) {
      this.#habits.learn(attributes);
      return true;
    }
    writer.length = writer.start + before;
    return false;
  }
}
