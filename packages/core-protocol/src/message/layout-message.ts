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
  const definition: MessageDefinition = {
    kind: 'byte',
    name: undefined,
    code,
    fingerprint: fingerprintOf(`byte ${canonicalText(plan)}`),
    makeCodec: (messageClass) => layoutCodec(messageClass, plan),
  };
  return compileBase(plan, definition);
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

/**
 * Compiles the class, whose constructor gives a new message the fields of its layout and no others, in the layout's
 * order. The engine makes room in an object for what it sees a constructor assign; what another function assigns
 * would be kept apart, and cost another object.
 */
function compileBase(plan: RecordPlan, definition: MessageDefinition): MessageClass {
  const lines = plan.fields.map(({ name }) => {
    const key = JSON.stringify(name);
    return `this[${key}] = fields[${key}];`;
  });
  return compile(
    { Message, DEFINITION, definition },
    `return class extends Message {
    static [DEFINITION] = definition;
    constructor(fields = {}) {
      super();
      ${lines.join('\n')}
    }
  };`,
  ) as MessageClass;
}
