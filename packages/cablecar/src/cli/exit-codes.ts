/** What the command's exit code says. */
export const EXIT = {
  /** What was asked for was done. */
  done: 0,
  /** It was not: nobody was found, something was not delivered, the doctor found a problem. */
  failed: 1,
  /** It was not understood. */
  usage: 2,
  /** Ctrl-C came before it was done. */
  interrupted: 130,
} as const;
