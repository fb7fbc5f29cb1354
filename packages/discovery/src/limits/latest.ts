/** What was noted latest of so many keys: a new one takes the place of the one noted longest ago. */
export class Latest<Key, Value> {
  readonly #maxKeys: number;
  readonly #values = new Map<Key, Value>();

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key);
  }

  set(key: Key, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#maxKeys) this.#values.delete(oldest as Key);
  }

  delete(key: Key): void {
    this.#values.delete(key);
  }
}
