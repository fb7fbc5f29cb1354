import { CableCarError, type CableCarErrorDetails } from '../errors/cablecar-error.ts';
import type { Message } from './message.ts';

/** A definition that cannot travel. */
export function definitionError(sentence: string, details?: CableCarErrorDetails): CableCarError {
  return new CableCarError('ERR_MESSAGE_DEFINITION', sentence, details);
}

/** A message that cannot be put into bytes without changing it. */
export function encodeError(sentence: string, details?: CableCarErrorDetails): CableCarError {
  return new CableCarError('ERR_MESSAGE_ENCODE', sentence, details);
}

/** Bytes that are not the message they claim to be. */
export function decodeError(sentence: string, details?: CableCarErrorDetails): CableCarError {
  return new CableCarError('ERR_MESSAGE_DECODE', sentence, details);
}

/**
 * Runs the user's own encoding.
 * @throws {CableCarError} ERR_MESSAGE_ENCODE, whatever it threw
 */
export function attemptEncode<Encoded>(what: string, encode: () => Encoded): Encoded {
  try {
    return encode();
  } catch (thrown) {
    if (CableCarError.is(thrown, 'ERR_MESSAGE_ENCODE')) throw thrown;
    throw encodeError(`${what} threw, expected the message`, { cause: thrown });
  }
}

/** Runs a decoding in which the user's own code takes part: whatever it throws becomes what it gives. */
export function attemptDecode(what: string, decode: () => Message): Message | CableCarError {
  try {
    return decode();
  } catch (thrown) {
    if (CableCarError.is(thrown, 'ERR_MESSAGE_DECODE')) return thrown;
    if (CableCarError.is(thrown, 'ERR_MESSAGE_DEFINITION')) return thrown;
    return decodeError(`decoding ${what} threw, expected a message`, { cause: thrown });
  }
}

/**
 * Refuses a promise where a result is due at once: nobody would await it, and its rejection would end the process.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION
 */
export function refusePromise(result: unknown, what: string): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return;
  Promise.resolve(result).catch(() => {});
  throw definitionError(`${what} gave a promise, expected it to be synchronous`);
}
