/** What is on the screen and has the keys just now. */
export interface Scene {
  /** Whether the player has left it. */
  readonly isLeft: boolean;
  /** Takes a key, by its name. */
  press(key: string): void;
  /** A frame begins: time passes, messages are taken in. */
  tick(): void;
  /** What it looks like. */
  lines(): string[];
}
