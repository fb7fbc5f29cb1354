/** One way for programs on a local network to find each other, used as its own documentation advises for speed. */
export interface Finder {
  /** What it is, and what counts as having met. */
  readonly about: string;
  /** Joins as the first one there, and stays; answers what a newcomer has to be told, if anything. */
  stay(): Promise<unknown>;
  /** Has everything loaded; the function given back joins, and resolves when it has met the one who is there. */
  prepare(): Promise<(told: unknown) => Promise<void>>;
}
