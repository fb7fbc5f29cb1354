import type { Clock, Connection, Millis, Timer } from '@cablecar/core-protocol';

/** How far two doctors got with each other on a connection. */
export type ExchangeEnd = 'answered' | 'stalled' | 'silent';

/** What an exchange needs. */
export interface ExchangeOptions {
  readonly clock: Clock;
  readonly timeoutMs: Millis;
  /** Whether this end speaks first: the one that dialled. */
  readonly opens: boolean;
  /** What this end has to say, on one line. */
  hello(): string;
  /** What the other end said, whatever it is. */
  onHello(line: string): void;
  onEnd(end: ExchangeEnd): void;
}

/** So much fills many packets of any size, and no socket's buffer. */
const PADDING_BYTES = 32_768;
const PADDING = `${'p'.repeat(PADDING_BYTES)}\n`;
const RECEIVED = 'received';
const MAX_LINE = PADDING_BYTES + 1;

/**
 * Two doctors talk on a connection, in lines: each says what it has to say, then something long, and confirms the
 * other's. What is short passes where packets of full size are lost; what is long does not.
 */
export class Exchange {
  readonly #connection: Connection;
  readonly #options: ExchangeOptions;
  readonly #timer: Timer;
  #text = '';
  #isGreeted = false;
  #isPadded = false;
  #isConfirmed = false;
  #isOver = false;

  constructor(connection: Connection, options: ExchangeOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#timer = options.clock.setTimer(options.timeoutMs, () => this.#end());
    connection.attach({
      onChunk: (bytes) => this.#read(Buffer.from(bytes).toString('latin1')),
      onDrain: () => {},
      onEnd: () => this.#end(),
      onClose: () => this.#end(),
    });
    if (options.opens) this.#write(`${options.hello()}\n`);
  }

  /** Ends at once. */
  close(): void {
    this.#end();
  }

  #read(chunk: string): void {
    const lines = (this.#text + chunk).split('\n');
    this.#text = lines.pop() ?? '';
    for (const line of lines) this.#hear(line);
    if (this.#text.length > MAX_LINE) this.#end();
  }

  #hear(line: string): void {
    if (this.#isOver) return;
    if (!this.#isGreeted) {
      this.#isGreeted = true;
      this.#options.onHello(Buffer.from(line, 'latin1').toString());
      if (!this.#options.opens) this.#write(`${this.#options.hello()}\n`);
      this.#write(PADDING);
    } else if (line === RECEIVED) this.#isConfirmed = true;
    else {
      this.#isPadded = true;
      this.#write(`${RECEIVED}\n`);
    }
    // Whoever accepted waits for the other to close, so that its last word is not lost.
    if (this.#isPadded && this.#isConfirmed && this.#options.opens) this.#end();
  }

  #write(text: string): void {
    this.#connection.write([Buffer.from(text)]);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer.cancel();
    this.#connection.end();
    this.#connection.destroy();
    const isWhole = this.#isPadded && this.#isConfirmed;
    this.#options.onEnd(isWhole ? 'answered' : this.#isGreeted ? 'stalled' : 'silent');
  }
}
