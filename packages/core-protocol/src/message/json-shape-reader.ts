import { compile } from './compile.ts';
import { scalarReader } from './json-scalars.ts';
import type { JsonShape, ObjectShape } from './json-shape.ts';
import type { Message } from './message.ts';

/**
 * Reads attributes that are written the way their shape has them: the same names in the same order, no space, no
 * escapes, no exponents. Undefined for everything else, right or wrong; never throws.
 */
export type JsonShapeReader = (
  bytes: Uint8Array,
  start: number,
  end: number,
) => Message | undefined;

/** Compiles a reader that makes the message of the attributes, with the prototype that is given. */
export function compileJsonReader(shape: ObjectShape, prototype: object): JsonShapeReader {
  const readScalar = scalarReader();
  return compile({ prototype, readScalar }, new ReaderSource(shape).text) as JsonShapeReader;
}

/**
 * Writes the source of a reader. In it `b` are the bytes, `p` is where the next one is read, and `e` is the end. What is
 * not as expected is found where it stands, or by `p` being elsewhere than at `e` in the end.
 */
class ReaderSource {
  readonly text: string;
  readonly #lines: string[] = [];
  #names = 0;

  constructor(shape: ObjectShape) {
    const parameters = shape.fields.map((_, index) => `f${index}`);
    const assignments = shape.fields.map(([name], index) => {
      return `this[${JSON.stringify(name)}] = f${index};`;
    });
    this.#line(`function Shell(${parameters.join(', ')}) { ${assignments.join(' ')} }`);
    this.#line('Shell.prototype = prototype;');
    this.#line('const cursor = { at: 0 };');
    this.#line('return function read(b, p, e) {');
    const values = this.#fields(shape);
    this.#line('if (p !== e) return undefined;');
    this.#line(`return new Shell(${values.join(', ')});`);
    this.#line('}');
    this.text = this.#lines.join('\n');
  }

  /** Gives the names of the variables that have the values. */
  #fields({ fields }: ObjectShape): string[] {
    const values = fields.map(([name, shape], index) => {
      this.#expect(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
      return this.#value(shape);
    });
    this.#expect(fields.length === 0 ? '{}' : '}');
    return values;
  }

  #value(shape: JsonShape): string {
    switch (shape.kind) {
      case 'scalar':
        return this.#scalar();
      case 'array':
        return this.#array(shape.element);
      case 'object': {
        const values = this.#fields(shape);
        const entries = shape.fields.map(([name], index) => {
          return `${JSON.stringify(name)}: ${values[index]}`;
        });
        return this.#define(`{ ${entries.join(', ')} }`);
      }
    }
  }

  #scalar(): string {
    const value = this.#define('readScalar(b, p, e, cursor)');
    this.#line('if ((p = cursor.at) < 0) return undefined;');
    return value;
  }

  #array(element: JsonShape): string {
    const array = this.#define('[]');
    this.#expect('[');
    this.#line(`if (b[p] === ${code(']')}) p++;`);
    this.#line('else for (;;) {');
    this.#line(`${array}.push(${this.#value(element)});`);
    this.#line(`if (b[p] === ${code(',')}) { p++; continue; }`);
    this.#expect(']');
    this.#line('break; }');
    return array;
  }

  #expect(text: string): void {
    const conditions = Array.from(text, (unit, index) => {
      return `b[${index === 0 ? 'p' : `p + ${index}`}] !== ${code(unit)}`;
    });
    this.#line(`if (${conditions.join(' || ')}) return undefined;`);
    this.#line(`p += ${text.length};`);
  }

  #define(value: string): string {
    const name = `v${this.#names++}`;
    this.#line(`const ${name} = ${value};`);
    return name;
  }

  #line(text: string): void {
    this.#lines.push(text);
  }
}

function code(unit: string): number {
  return unit.charCodeAt(0);
}
