import type { Output } from '../terminal.ts';
import type { ScreenSize } from './frame.ts';

const ESCAPE = '\u001B[';
const OTHER_SCREEN = {
  enter: `${ESCAPE}?1049h${ESCAPE}?25l`,
  leave: `${ESCAPE}?25h${ESCAPE}?1049l`,
};
/** Terminals that know it show what is between the two at once. */
const TOGETHER = { begin: `${ESCAPE}?2026h`, end: `${ESCAPE}?2026l` };

/** A whole terminal to draw on. Only lines that changed are written, so that nothing flickers. */
export class Screen {
  readonly #output: Output;
  readonly #draw: (size: ScreenSize) => readonly string[];
  readonly #resized = (): void => this.#redraw();
  readonly #leave = (): void => void this.#output.write(OTHER_SCREEN.leave);
  #shown: readonly string[] = [];

  /** `draw` gives the lines for a size, none of them longer than that is wide. */
  constructor(output: Output, draw: (size: ScreenSize) => readonly string[]) {
    this.#output = output;
    this.#draw = draw;
  }

  open(): void {
    this.#output.write(OTHER_SCREEN.enter);
    this.#output.on('resize', this.#resized);
    process.on('exit', this.#leave); // also where something fails that nobody foresaw
    this.#redraw();
  }

  /** Writes what has changed since the last time. */
  update(): void {
    const { columns = 80, rows = 24 } = this.#output;
    const lines = this.#draw({ columns, rows });
    const changes = lines.flatMap((line, index) =>
      line === this.#shown[index] ? [] : [`${ESCAPE}${index + 1};1H${line}${ESCAPE}K`],
    );
    this.#shown = lines;
    if (changes.length > 0) {
      this.#output.write(`${TOGETHER.begin}${changes.join('')}${TOGETHER.end}`);
    }
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#output.off('resize', this.#resized);
    process.off('exit', this.#leave);
    this.#leave();
  }

  #redraw(): void {
    this.#shown = [];
    this.#output.write(`${ESCAPE}2J`);
    this.update();
  }
}
