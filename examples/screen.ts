import { emitKeypressEvents, type Key } from 'node:readline';

const ENTER = '\u001B[?1049h\u001B[?25l'; // a page of its own, without a cursor
const LEAVE = '\u001B[?25h\u001B[?1049l';
const HOME = '\u001B[H';
const END_OF_LINE = '\u001B[K\r\n';
const REST_OF_SCREEN = '\u001B[J';

/** The terminal as a page of lines that is drawn again and again, and its keys. Gives it back as it was. */
export class Screen {
  readonly #keys: string[] = [];
  #shown = '';
  #isOpen = true;

  constructor() {
    process.stdout.write(ENTER);
    process.stdout.on('resize', this.#forget);
    process.once('exit', this.#restore); // also where something throws
    emitKeypressEvents(process.stdin);
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    process.stdin.on('keypress', this.#press).resume();
  }

  /** The keys pressed since the last call, by name: `left`, `return`, `q`. Ctrl-C is `q`. */
  takeKeys(): string[] {
    return this.#keys.splice(0);
  }

  /** Shows these lines and no others; writes nothing where they are there already. */
  draw(lines: readonly string[]): void {
    const text = lines.slice(0, (process.stdout.rows ?? 24) - 1).join(END_OF_LINE);
    if (!this.#isOpen || text === this.#shown) return;
    this.#shown = text;
    process.stdout.write(HOME + text + END_OF_LINE + REST_OF_SCREEN);
  }

  /** Gives the terminal back. Idempotent. */
  close(): void {
    this.#restore();
    process.off('exit', this.#restore);
    process.stdout.off('resize', this.#forget);
    process.stdin.off('keypress', this.#press).pause();
  }

  #press = (text: string | undefined, { name, ctrl }: Key): void => {
    this.#keys.push(ctrl && name === 'c' ? 'q' : (name ?? text ?? ''));
  };

  #forget = (): void => {
    this.#shown = '';
  };

  #restore = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdout.write(LEAVE);
  };
}

/** What somebody else has written, as text that no terminal obeys, at most so long. */
export function plainText(text: string, length = 20): string {
  return [...text.replaceAll(/\p{C}/gu, '')].slice(0, length).join('');
}

/** A text in a colour of the terminal's, by its number: 31 is red, 33 yellow; 1 is bold, 2 dim. */
export function paint(colour: number, text: string): string {
  return `\u001B[${colour}m${text}\u001B[0m`;
}
