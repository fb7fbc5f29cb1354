import { definitionError } from './message-errors.ts';

/**
 * Runs source text in which the names of `runtime` mean its values, and gives what it returns.
 * The text is this package's own; what a user writes enters it as JSON text and nothing else.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION where the program forbids code generation
 */
export function compile(runtime: object, source: string): unknown {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- a compiler's last step
    const make = new Function(...Object.keys(runtime), `'use strict';\n${source}`);
    return make(...Object.values(runtime)) as unknown;
  } catch (thrown) {
    if (!(thrown instanceof EvalError)) throw thrown;
    throw definitionError('code generation is forbidden, expected it to be allowed for layouts', {
      cause: thrown,
    });
  }
}
