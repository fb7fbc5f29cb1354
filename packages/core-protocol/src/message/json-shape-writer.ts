import type { ByteWriter } from '../bytes/byte-writer.ts';
import { hasNames } from './assigner.ts';
import { compile } from './compile.ts';
import { MAX_KEYS } from './json-rules.ts';
import type { ObjectShape } from './json-shape.ts';
import { JsonWalk } from './json-walk.ts';

/** Appends attributes that have the names of a shape, as {@link JsonWalk} does. False, with part of it written, for others. */
export type JsonShapeWriter = (attributes: object, writer: ByteWriter) => boolean;

/**
 * Compiles a writer, in which the names are there as they travel. In its source `m` are the attributes, `b` the
 * writer's bytes, `w` their view, and `p` where the next one goes.
 */
export function compileJsonWriter({ fields }: ObjectShape): JsonShapeWriter {
  const names = fields.map(([name]) => name);
  const lines = [
    'return function write(m, writer) {',
    ...hasNames('m', names),
    'let v, b, w, p;',
    `const walk = new JsonWalk(writer, ${MAX_KEYS - names.length});`,
    ...names.flatMap((name, index) => [
      `if ((v = m[${JSON.stringify(name)}]) === undefined) return false;`,
      ...put(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
      'if (!walk.value(v, 2)) return false;',
    ]),
    ...put(names.length === 0 ? '{}' : '}'),
    'return true;',
    '}',
  ];
  return compile({ JsonWalk, names }, lines.join('\n')) as JsonShapeWriter;
}

/** Writes a text of ASCII, four bytes at a time. */
function put(text: string): string[] {
  const bytes = Buffer.from(text);
  const lines = [
    `writer.reserve(${bytes.length});`,
    'b = writer.bytes; w = writer.view; p = writer.length;',
  ];
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    lines.push(`w.setUint32(p + ${at}, ${bytes.readUInt32BE(at)});`);
  }
  for (; at < bytes.length; at++) lines.push(`b[p + ${at}] = ${bytes[at]};`);
  return [...lines, `writer.length = p + ${bytes.length};`];
}
