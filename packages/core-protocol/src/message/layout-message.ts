import { compile } from './compile.ts';
import {
  DEFINITION,
  labelOf,
  titleOf,
  withoutName,
  type MessageCodec,
  type MessageDefinition,
} from './definition.ts';
import { fingerprintOf } from './fingerprint.ts';
import { compileDecoder } from './layout-decoder.ts';
import { compileEncoder } from './layout-encoder.ts';
import { canonicalText, planOf, type RecordPlan } from './layout-plan.ts';
import type { Layout } from './layout-types.ts';
import { Message, type MessageClass } from './message.ts';
import { definitionError } from './message-errors.ts';

/** What `byteMessage(code, layout)` is at run time. */
export function layoutBase(code: number, layout: Layout): MessageClass {
  const plan = planOf(layout, labelOf({ name: undefined, code }));
  const assign = compileAssign(plan);
  const definition: MessageDefinition = {
    kind: 'byte',
    name: undefined,
    code,
    fingerprint: fingerprintOf(`byte ${canonicalText(plan)}`),
    makeCodec: (messageClass) => layoutCodec(messageClass, plan),
  };
  return class extends Message {
    static readonly [DEFINITION] = definition;

    constructor(fields: object = {}) {
      super();
      assign(this, fields);
    }
  };
}

function layoutCodec(messageClass: MessageClass, plan: RecordPlan): MessageCodec {
  const title = titleOf(messageClass);
  const prototype = messageClass.prototype as object;
  const member = ['encode', 'decode', ...plan.fields.map((field) => field.name)].find(
    (name) => name in prototype,
  );
  if (member !== undefined)
    throw definitionError(
      `${title} has a layout and a member named '${member}', expected one of the two`,
    );
  return {
    encode: compileEncoder(plan, title),
    decode: compileDecoder(plan, prototype, title),
    ...withoutName(messageClass),
  };
}

/** Compiles what gives a new message the fields of its layout and no others, in the layout's order. */
function compileAssign(plan: RecordPlan): (message: object, fields: object) => void {
  const lines = plan.fields.map(({ name }) => {
    const key = JSON.stringify(name);
    return `message[${key}] = fields[${key}];`;
  });
  return compile({}, `return (message, fields) => {\n${lines.join('\n')}\n}`) as (
    message: object,
    fields: object,
  ) => void;
}
