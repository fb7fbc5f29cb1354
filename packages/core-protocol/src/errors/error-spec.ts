/** Whose doing an error was, which decides how it reaches the user. */
export type ErrorOrigin = 'local' | 'remote' | 'system';

/** One row of the code table. */
export interface ErrorSpec {
  /** `local` is thrown at the caller, `remote` closes that peer alone, `system` rejects the call or is a warning. */
  readonly origin: ErrorOrigin;
  /** What it means, in one sentence. */
  readonly meaning: string;
  /** What to do about it, in one sentence. */
  readonly remedy: string;
  /** How it reaches the user, where that is not what its origin says. */
  readonly road?: string;
}
