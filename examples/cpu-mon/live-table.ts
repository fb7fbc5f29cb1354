import { Screen } from '../screen.ts';
import type { Computer, Display } from './display.ts';
import type { MsgStats } from './stats.ts';
import { tableLines, type Row } from './table-lines.ts';

/** A table with a row for each computer that is there, drawn again twice a second. */
export class LiveTable implements Display {
  readonly #screen = new Screen();
  readonly #rows = new Map<string, Row>();
  readonly #timer = setInterval(() => this.#draw(), 500);
  readonly #quit: () => void;

  constructor(quit: () => void) {
    this.#quit = quit;
  }

  show(computer: Computer, stats: MsgStats): void {
    const { history = [] } = this.#rows.get(computer.id) ?? {};
    const row = { computer, stats, history: [...history, stats.cpu_percent].slice(-60) };
    this.#rows.set(computer.id, row);
    this.#draw();
  }

  left({ id }: Computer): void {
    this.#rows.delete(id);
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#screen.close();
  }

  #draw(): void {
    this.#screen.draw(tableLines([...this.#rows.values()]));
    if (this.#screen.takeKeys().includes('q')) this.#quit();
  }
}
