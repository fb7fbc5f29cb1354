/** Which ends of a connection learn at once that it was cut. */
export type Told = 'both' | 'dialler' | 'acceptor' | 'nobody';

/** One connection between two programs, seen from outside. */
export interface OpenConnection {
  /** Its name in the transcript, after the program that dialled it: `ada#1`. */
  readonly id: string;
  /** The program that dialled. */
  readonly dialler: string;
  /** The program that accepted. */
  readonly acceptor: string;
  /** Bytes that were written and not yet read: to the acceptor, and to the dialler. */
  readonly waitingBytes: readonly [toAcceptor: number, toDialler: number];
  /**
   * Cuts it for good. Who is told sees a reset, each at its own moment; who is not goes on writing into a void.
   */
  cut(told: Told): void;
}
