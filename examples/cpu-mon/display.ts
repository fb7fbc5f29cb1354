import type { MsgStats } from './stats.ts';

/** Whose stats they are. */
export interface Computer {
  readonly id: string;
  readonly name: string;
  /** Where it is; empty for this computer. */
  readonly address: string;
}

/** Where the stats of all computers are shown. */
export interface Display {
  show(computer: Computer, stats: MsgStats): void;
  left(computer: Computer): void;
  close(): void;
}
