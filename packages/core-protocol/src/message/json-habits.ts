import { shapeOf, type ObjectShape } from './json-shape.ts';

/** How many shapes are learned: after that, what the others are is somebody's whim. */
const MAX_SHAPES = 4;
/** A shape is learned at every so many messages that were not known; compiling has to pay. */
const LEARN_EVERY = 8;

/**
 * How the messages of a class have looked so far, and code that is made for more of those: it takes a part of the time
 * of what has to expect anything. What a stranger sends can spoil the speed and nothing else.
 */
export class JsonHabits<Code> {
  readonly #compile: (shape: ObjectShape) => Code;
  readonly #known: Code[] = [];
  #others = 0;
  #isForbidden = false;

  constructor(compile: (shape: ObjectShape) => Code) {
    this.#compile = compile;
  }

  /** What was made for the shapes known so far. */
  get known(): readonly Code[] {
    return this.#known;
  }

  /** Takes note of attributes that keep the rules and that no code was made for. */
  learn(attributes: object): void {
    if (this.#isForbidden || this.#known.length === MAX_SHAPES) return;
    if (++this.#others % LEARN_EVERY !== 0) return;
    const shape = shapeOf(attributes);
    if (shape === undefined) return;
    try {
      this.#known.push(this.#compile(shape));
    } catch {
      this.#isForbidden = true; // the program allows no code to be generated, and does without
    }
  }
}
