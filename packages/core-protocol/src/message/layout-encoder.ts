import type { ByteWriter } from '../bytes/byte-writer.ts';
import { compile } from './compile.ts';
import {
  SCALAR_BYTES,
  type ArrayPlan,
  type OptionalPlan,
  type Plan,
  type RecordPlan,
} from './layout-plan.ts';
import type { ScalarName } from './layout-types.ts';
import { putAscii, putBytes, putText, SHORT_TEXT } from './layout-writers.ts';
import { encodeError } from './message-errors.ts';
import { show } from './show.ts';

/** The largest number that 32 bits of floating point hold. */
const F32_MAX = 3.4028234663852886e38;

/** Writes a message's fields after what is written. Throws ERR_MESSAGE_ENCODE, with part of them written. */
export type LayoutEncoder = (message: object, writer: ByteWriter) => void;

interface ScalarCode {
  /** True where the value `v` cannot travel. */
  readonly refuse: string;
  readonly expected: string;
  /** Writes `v` at `p` and moves `p`. Undefined where a function of the runtime does. */
  readonly write?: string;
}

const SCALARS: Readonly<Record<ScalarName, ScalarCode>> = {
  u8: integer('(v & 0xff) !== v', 'from 0 to 255', 'b[p++] = v;'),
  u16: integer('(v & 0xffff) !== v', 'from 0 to 65535', 'w.setUint16(p, v); p += 2;'),
  u32: integer('(v >>> 0) !== v', 'from 0 to 4294967295', 'w.setUint32(p, v); p += 4;'),
  i8: integer('(v << 24 >> 24) !== v', 'from -128 to 127', 'b[p++] = v;'),
  i16: integer('(v << 16 >> 16) !== v', 'from -32768 to 32767', 'w.setInt16(p, v); p += 2;'),
  i32: integer('(v | 0) !== v', 'from -2147483648 to 2147483647', 'w.setInt32(p, v); p += 4;'),
  f32: {
    refuse: `typeof v !== 'number' || ((v > ${F32_MAX} || v < -${F32_MAX}) && v - v === 0)`,
    expected: 'a number that 32 bits can hold',
    write: 'w.setFloat32(p, v); p += 4;',
  },
  f64: {
    refuse: "typeof v !== 'number'",
    expected: 'a number',
    write: 'w.setFloat64(p, v); p += 8;',
  },
  bool: {
    refuse: "typeof v !== 'boolean'",
    expected: 'true or false',
    write: 'b[p++] = v ? 1 : 0;',
  },
  string: { refuse: "typeof v !== 'string'", expected: 'well-formed text' },
  bytes: { refuse: '!(v instanceof Uint8Array)', expected: 'a Uint8Array' },
};

/** Compiles a layout's encoder. `label` is how errors name the message. */
export function compileEncoder(plan: RecordPlan, label: string): LayoutEncoder {
  const source = new EncoderSource(plan);
  const refuse = (place: number, value: unknown, ...indices: number[]): never => {
    const { path, expected } = source.places[place] as Place;
    const where = path.replaceAll('[]', () => `[${indices.shift()}]`);
    throw encodeError(`${label} has ${show(value)} at '${where}', expected ${expected}`);
  };
  return compile({ refuse, putAscii, putText, putBytes }, source.text) as LayoutEncoder;
}

/** Where in a layout a value is, for errors. */
interface Place {
  /** Such as `path[].x`. */
  readonly path: string;
  readonly expected: string;
}

/**
 * Writes the source of an encoder. In it `m` is the message, `b` the writer's bytes, `w` its view, and `p` where the
 * next byte goes. Room is set aside once for everything whose size is known beforehand, and again after each value
 * of unknown size, as the writer may then have moved.
 */
class EncoderSource {
  readonly places: Place[] = [];
  readonly text: string;
  readonly #lines: string[] = [];
  /** Bytes that the code yet to come counts on having room for. */
  #ahead: number;
  #names = 0;
  /** The index variables of the loops around. */
  #indices: readonly string[] = [];

  constructor(plan: RecordPlan) {
    this.#ahead = knownBytes(plan);
    this.#line('return function encode(m, writer) {');
    this.#line('let b, w, p, q;');
    this.#line('p = writer.length;');
    this.#reserve();
    this.#record(plan, 'm', '');
    this.#line('writer.length = p;');
    this.#line('}');
    this.text = this.#lines.join('\n');
  }

  #record(plan: RecordPlan, object: string, path: string): void {
    for (const { name, plan: field } of plan.fields) {
      const value = this.#name();
      this.#line(`const ${value} = ${object}[${JSON.stringify(name)}];`);
      this.#value(field, value, path === '' ? name : `${path}.${name}`);
    }
  }

  #value(plan: Plan, value: string, path: string): void {
    switch (plan.kind) {
      case 'scalar':
        return this.#scalar(plan.scalar, value, path);
      case 'array':
        return this.#array(plan, value, path);
      case 'optional':
        return this.#optional(plan, value, path);
      case 'record':
        this.#refuseIf(`typeof ${value} !== 'object' || ${value} === null`, value, {
          path,
          expected: 'an object',
        });
        return this.#record(plan, value, path);
    }
  }

  #scalar(scalar: ScalarName, value: string, path: string): void {
    const { refuse, expected, write } = SCALARS[scalar];
    const place = { path, expected };
    this.#refuseIf(refuse.replaceAll(/\bv\b/g, value), value, place);
    this.#ahead -= knownBytes({ kind: 'scalar', scalar });
    if (write !== undefined) {
      this.#line(write.replaceAll(/\bv\b/g, value));
    } else if (scalar === 'bytes') {
      this.#line(`p = putBytes(writer, p, ${value});`);
      this.#reserve();
    } else {
      this.#line(`q = ${value}.length <= ${SHORT_TEXT} ? putAscii(b, p, ${value}) : -1;`);
      this.#line('if (q < 0) {');
      this.#line(`p = putText(writer, p, ${value});`);
      this.#refuseIf('p < 0', value, place);
      this.#reserve();
      this.#line('} else p = q;');
    }
  }

  #optional(plan: OptionalPlan, value: string, path: string): void {
    this.#ahead -= 1;
    this.#line(`if (${value} === undefined) b[p++] = 0;`);
    this.#line('else {');
    this.#line('b[p++] = 1;');
    this.#value(plan.inner, value, path);
    this.#line('}');
  }

  #array({ element }: ArrayPlan, value: string, path: string): void {
    this.#refuseIf(`!Array.isArray(${value})`, value, { path, expected: 'an array' });
    const [count, index, item] = [this.#name(), this.#name(), this.#name()];
    const [ahead, indices] = [this.#ahead, this.#indices];
    const size = knownBytes(element);
    this.#line(`const ${count} = ${value}.length;`);
    this.#line(`writer.length = p; writer.varint(${count}); p = writer.length;`);
    if (isFixed(element)) this.#reserve(`${size} * ${count}`);
    this.#line(`for (let ${index} = 0; ${index} < ${count}; ${index}++) {`);
    this.#line(`const ${item} = ${value}[${index}];`);
    this.#ahead = size;
    this.#indices = [...indices, index];
    if (!isFixed(element)) this.#reserve();
    this.#value(element, item, `${path}[]`);
    this.#line('}');
    this.#ahead = ahead;
    this.#indices = indices;
    this.#reserve();
  }

  #refuseIf(condition: string, value: string, place: Place): void {
    const index = this.places.push(place) - 1;
    const given = [index, value, ...this.#indices].join(', ');
    this.#line(`if (${condition}) refuse(${given});`);
  }

  #reserve(bytes = String(this.#ahead)): void {
    this.#line(`writer.length = p; writer.reserve(${bytes});`);
    this.#line('b = writer.bytes; w = writer.view; p = writer.length;');
  }

  #line(text: string): void {
    this.#lines.push(text);
  }

  #name(): string {
    return `v${this.#names++}`;
  }
}

/** The bytes for which room is set aside beforehand; a long text sets aside its own. */
function knownBytes(plan: Plan): number {
  switch (plan.kind) {
    case 'scalar':
      if (plan.scalar === 'bytes') return 0;
      return SCALAR_BYTES[plan.scalar] + (plan.scalar === 'string' ? SHORT_TEXT : 0);
    case 'array':
      return 0;
    case 'optional':
      return 1 + knownBytes(plan.inner);
    case 'record':
      return plan.fields.reduce((sum, field) => sum + knownBytes(field.plan), 0);
  }
}

/** Whether a value never takes more than its known bytes. */
function isFixed(plan: Plan): boolean {
  switch (plan.kind) {
    case 'scalar':
      return plan.scalar !== 'string' && plan.scalar !== 'bytes';
    case 'array':
      return false;
    case 'optional':
      return isFixed(plan.inner);
    case 'record':
      return plan.fields.every((field) => isFixed(field.plan));
  }
}

function integer(refuse: string, range: string, write: string): ScalarCode {
  return {
    refuse: `typeof v !== 'number' || ${refuse}`,
    expected: `a whole number ${range}`,
    write,
  };
}
