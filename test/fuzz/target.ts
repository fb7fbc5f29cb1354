import { CableCarError } from '@cablecar/core-protocol';
import type { Prng } from '@cablecar/simulator';

/** Something that bytes of strangers are given to. */
export interface Target {
  readonly name: string;
  /** What a well-behaved stranger would send. */
  valid(prng: Prng): Buffer;
  /**
   * Gives it bytes. Throws where it did what must not happen; `isValid` says that the bytes are what `valid()` made, and
   * are to be understood.
   */
  run(bytes: Buffer, prng: Prng, isValid: boolean): void;
}

/** Demands that what came of strange bytes is an error of the remote's, or no error. */
export function demandRemote(error: unknown): void {
  if (error === undefined) return;
  if (CableCarError.is(error) && error.origin === 'remote') return;
  throw new Error(
    `${error instanceof Error ? error.message : typeof error} came of a stranger's bytes, expected an error of the remote's`,
  );
}

/** Demands that valid bytes were understood. */
export function demand(isValid: boolean, understood: boolean, what: string): void {
  if (isValid && !understood) throw new Error(`${what} was valid and not understood`);
}
