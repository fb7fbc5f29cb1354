/** Randomness: the system's on Node, seeded in the simulator. */
export interface Random {
  /** Fresh random bytes. */
  bytes(length: number): Uint8Array;
  /** A number in [0, 1). */
  float(): number;
}
