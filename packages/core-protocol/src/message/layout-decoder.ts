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
import {
  asciiReaders,
  readCount,
  readF32,
  readF64,
  takeBytes,
  varintBytes,
} from './layout-readers.ts';
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
 * Writes the source of a decoder. In it `b` are the bytes, `p` is where the next one is read, `n` is a length.
 *
 * No read is checked by itself. At the beginning it is checked that the fewest bytes the layout can take are there;
 * and after each length or flag, that they still are for everything behind what it announces.
 */
class DecoderSource {
  readonly places: Place[] = [];
  readonly text: string;
  readonly #lines: string[] = [];
  /** The variable behind whose value no byte may be read. */
  #end = 'e';
  /** How many bytes before `#end` the code yet to come may read unchecked. */
  #ahead: number;
  #names = 0;

  constructor(plan: RecordPlan) {
    this.#ahead = minimumBytes(plan);
    const parameters = plan.fields.map((_, index) => `f${index}`);
    const assignments = plan.fields.map(
      ({ name }, index) => `this[${JSON.stringify(name)}] = f${index};`,
    );
    // One maker a class, which assigns in the layout's order: all instances have one shape.
    this.#line(`function Shell(${parameters.join(', ')}) { ${assignments.join(' ')} }`);
    this.#line('Shell.prototype = prototype;');
    this.#line('return function decode(b, p, e) {');
    this.#line('let n;');
    this.#refuseIf(`e - p < ${this.#ahead}`, { path: '', seen: 'ends early' });
    const values = plan.fields.map((field) => this.#value(field.plan, field.name));
    this.#refuseIf('p !== e', { path: '', seen: 'has more bytes' });
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
    this.#ahead -= SCALAR_BYTES[scalar];
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
    this.#ahead -= 1;
    const after = this.#ahead;
    const value = this.#define('undefined');
    this.#refuseIf('b[p] > 1', { path, seen: 'has neither 0 nor 1' });
    this.#line('if (b[p++] === 1) {');
    this.#ahead = minimumBytes(inner) + after;
    this.#refuseIf(`${this.#end} - p < ${this.#ahead}`, { path, seen: 'ends early' });
    this.#line(`${value} = ${this.#value(inner, path)};`);
    this.#line('}');
    this.#ahead = after;
    return value;
  }

  #array({ element }: ArrayPlan, path: string): string {
    const size = minimumBytes(element);
    this.#ahead -= 1;
    this.#length(size, path);
    const outer = { end: this.#end, ahead: this.#ahead };
    const count = this.#define('n');
    const array = this.#define(`new Array(${count})`);
    const index = this.#name();
    this.#end = this.#define(`${outer.end} - ${outer.ahead}`);
    this.#ahead = size;
    this.#line(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`);
    if (!isExact(element))
      this.#refuseIf(`${this.#end} - p < ${size}`, { path: `${path}[]`, seen: 'ends early' });
    this.#line(`${array}[${index}] = ${this.#value(element, `${path}[]`)};`);
    this.#line('}');
    this.#end = outer.end;
    this.#ahead = outer.ahead;
    return array;
  }

  /** Reads a length or count into `n`, of things of at least `size` bytes each that must all be there. */
  #length(size: number, path: string): void {
    this.#line('n = b[p];');
    this.#line('if (n < 0x80) p++; else {');
    this.#line(`n = readCount(b, p, ${this.#end});`);
    this.#line('p += varintBytes(n); }');
    const missing = `n * ${size} > ${this.#end} - p - ${this.#ahead}`;
    this.#refuseIf(`n < 0 || ${missing}`, { path, seen: 'has a length past its end' });
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

/** Whether a value always takes its minimum of bytes. */
function isExact(plan: Plan): boolean {
  switch (plan.kind) {
    case 'scalar':
      return plan.scalar !== 'string' && plan.scalar !== 'bytes';
    case 'record':
      return plan.fields.every((field) => isExact(field.plan));
    default:
      return false;
  }
}
