import { varintBytes } from '../bytes/varint-bytes.ts';
import type { CableCarError } from '../errors/cablecar-error.ts';
import { compile } from './compile.ts';
import {
  minimumBytes,
  SCALAR_BYTES,
  type ArrayPlan,
  type OptionalPlan,
  type Plan,
  type RecordPlan,
} from './layout-plan.ts';
import { asciiReaders, readCount, readF32, readF64 } from './layout-readers.ts';
import { takeBytes } from './take-bytes.ts';
import type { ScalarName } from './layout-types.ts';
import type { Message } from './message.ts';
import { decodeError } from './message-errors.ts';
import { readUtf8 } from './utf8.ts';

/** Reads a message that takes up the bytes from `start` to `end` exactly. Never throws. */
export type LayoutDecoder = (
  bytes: Uint8Array,
  start: number,
  end: number,
) => Message | CableCarError;

/** What reads each scalar at `p`; `n` is the length of a text or of bytes. */
const SCALARS: Readonly<Record<ScalarName, string>> = {
  u8: 'b[p]',
  u16: 'b[p] << 8 | b[p + 1]',
  u32: '(b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]) >>> 0',
  i8: 'b[p] << 24 >> 24',
  i16: '(b[p] << 24 | b[p + 1] << 16) >> 16',
  i32: 'b[p] << 24 | b[p + 1] << 16 | b[p + 2] << 8 | b[p + 3]',
  f32: 'readF32(b, p)',
  f64: 'readF64(b, p)',
  bool: 'b[p] === 1',
  string: '(n < readAscii.length ? readAscii[n](b, p) : undefined) ?? readUtf8(b, p, p + n)',
  bytes: 'takeBytes(b, p, p + n)',
};

/** Compiles a layout's decoder for the class whose prototype is given. `label` is how errors name the message. */
export function compileDecoder(plan: RecordPlan, prototype: object, label: string): LayoutDecoder {
  const source = new DecoderSource(plan);
  const refuse = (place: number): CableCarError => {
    const { path, seen } = source.places[place] as Place;
    const where = path === '' ? '' : ` at '${path}'`;
    return decodeError(`${label} ${seen}${where}, expected the bytes of its layout`);
  };
  const readAscii = asciiReaders();
  const runtime = {
    prototype,
    refuse,
    readAscii,
    readCount,
    readF32,
    readF64,
    readUtf8,
    takeBytes,
    varintBytes,
  };
  return compile(runtime, source.text) as LayoutDecoder;
}

/** Where in a layout something can be wrong, and what. */
interface Place {
  readonly path: string;
  readonly seen: string;
}

/**
 * Writes the source of a decoder. In it `b` are the bytes, `p` is where the next one is read, `n` is a length, and
 * `e` is the end.
 *
 * What is announced is checked when it is announced: a length or a count goes no further than the end. Values of
 * fixed size are not: a message that is too short leaves `p` behind the end, which is found out in the end, and
 * what was read there is never shown to anybody.
 */
class DecoderSource {
  readonly places: Place[] = [];
  readonly text: string;
  readonly #lines: string[] = [];
  #names = 0;

  constructor(plan: RecordPlan) {
    const parameters = plan.fields.map((_, index) => `f${index}`);
    const assignments = plan.fields.map(({ name }, index) => {
      return `this[${JSON.stringify(name)}] = f${index};`;
    });
    // One maker a class, which assigns in the layout's order: all instances have one shape.
    this.#line(`function Shell(${parameters.join(', ')}) { ${assignments.join(' ')} }`);
    this.#line('Shell.prototype = prototype;');
    this.#line('return function decode(b, p, e) {');
    this.#line('let n;');
    this.#refuseIf(`e - p < ${minimumBytes(plan)}`, { path: '', seen: 'ends early' });
    const values = plan.fields.map((field) => this.#value(field.plan, field.name));
    this.#refuseIf('p !== e', { path: '', seen: 'has fewer or more bytes' });
    this.#line(`return new Shell(${values.join(', ')});`);
    this.#line('}');
    this.text = this.#lines.join('\n');
  }

  /** Gives the name of the variable that has the value. */
  #value(plan: Plan, path: string): string {
    switch (plan.kind) {
      case 'scalar':
        return this.#scalar(plan.scalar, path);
      case 'array':
        return this.#array(plan, path);
      case 'optional':
        return this.#optional(plan, path);
      case 'record':
        return this.#record(plan, path);
    }
  }

  #scalar(scalar: ScalarName, path: string): string {
    const sized = scalar === 'string' || scalar === 'bytes';
    if (sized) this.#length(1, path);
    if (scalar === 'bool') this.#refuseIf('b[p] > 1', { path, seen: 'has neither 0 nor 1' });
    const value = this.#define(SCALARS[scalar]);
    if (scalar === 'string')
      this.#refuseIf(`${value} === undefined`, { path, seen: 'has text that is not UTF-8' });
    this.#line(`p += ${sized ? 'n' : SCALAR_BYTES[scalar]};`);
    return value;
  }

  #record(plan: RecordPlan, path: string): string {
    const entries = plan.fields.map(({ name, plan: field }) => {
      return `${JSON.stringify(name)}: ${this.#value(field, `${path}.${name}`)}`;
    });
    return this.#define(`{ ${entries.join(', ')} }`);
  }

  #optional({ inner }: OptionalPlan, path: string): string {
    const value = this.#define('undefined');
    this.#refuseIf('b[p] > 1', { path, seen: 'has neither 0 nor 1' });
    this.#line('if (b[p++] === 1) {');
    this.#line(`${value} = ${this.#value(inner, path)};`);
    this.#line('}');
    return value;
  }

  #array({ element }: ArrayPlan, path: string): string {
    this.#length(minimumBytes(element), path);
    const count = this.#define('n');
    const array = this.#define(`new Array(${count})`);
    const index = this.#name();
    this.#line(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`);
    this.#line(`${array}[${index}] = ${this.#value(element, `${path}[]`)};`);
    this.#line('}');
    return array;
  }

  /** Reads a length or count into `n`, of things that take at least `size` bytes each. */
  #length(size: number, path: string): void {
    this.#line('n = b[p];');
    this.#line('if (n < 0x80) p++; else {');
    this.#line('n = readCount(b, p, e);');
    this.#line('p += varintBytes(n); }');
    this.#refuseIf(`n < 0 || n * ${size} > e - p`, { path, seen: 'has a length past its end' });
  }

  #refuseIf(condition: string, place: Place): void {
    this.#line(`if (${condition}) return refuse(${this.places.push(place) - 1});`);
  }

  #define(value: string): string {
    const name = this.#name();
    this.#line(`let ${name} = ${value};`);
    return name;
  }

  #line(text: string): void {
    this.#lines.push(text);
  }

  #name(): string {
    return `v${this.#names++}`;
  }
}
