/** What one end of a run says to the other, or to whoever started both. */
export interface Note {
  /** For the other end; else for who started both. */
  readonly forOther?: unknown;
  /** The end of this end's run. */
  readonly figures?: Figures;
  /** Why there are none. */
  readonly failure?: string;
}

/** What was measured, by name; units are in the names. */
export type Figures = Readonly<Record<string, number>>;

/** The words that the two ends of a run exchange beside what is measured. */
export class Channel {
  readonly #waiting: ((value: unknown) => void)[] = [];
  readonly #come: unknown[] = [];

  constructor() {
    process.on('message', (value) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#come.push(value);
      else waiting(value);
    });
  }

  tell(value: unknown): void {
    send({ forOther: value });
  }

  /** The other end's next word. */
  hear<T>(): Promise<T> {
    if (this.#come.length > 0) return Promise.resolve(this.#come.shift() as T);
    return new Promise((resolve) => this.#waiting.push(resolve as (value: unknown) => void));
  }

  report(figures: Figures): void {
    send({ figures });
  }

  fail(failure: string): void {
    send({ failure });
  }
}

function send(note: Note): void {
  process.send?.(note);
}
