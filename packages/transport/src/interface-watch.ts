import type { Clock, Millis, NetworkInterface, Timer } from '@cablecar/core-protocol';

/** Every second: the system itself lags a second behind a link, and both together must stay well below three. */
const LOOK_EVERY_MS: Millis = 1000;
/** Many sends may fail at once; they cause one look. */
const LOOK_SOON_MS: Millis = 100;

/** What an interface watch needs. */
export interface InterfaceWatchOptions {
  readonly clock: Clock;
  /** Lists the interfaces to watch; may throw. */
  enumerate(): readonly NetworkInterface[];
  /** The list differs from the last one told. */
  onChange(interfaces: readonly NetworkInterface[]): void;
  /** The list could not be had; the last one stands. */
  onError(error: unknown): void;
}

/** Looks at the interfaces again and again and tells only changes. */
export class InterfaceWatch {
  readonly #options: InterfaceWatchOptions;
  #seen: string | undefined;
  #timer: Timer | undefined;
  #dueAt: Millis = 0;

  constructor(options: InterfaceWatchOptions) {
    this.#options = options;
  }

  /** Looks and tells what is there before it returns, then goes on looking. */
  start(): void {
    this.#look();
  }

  /** Looks before long; for when something failed that a change of interfaces would explain. */
  lookSoon(): void {
    if (this.#dueAt - this.#options.clock.now() > LOOK_SOON_MS) this.#lookIn(LOOK_SOON_MS);
  }

  /** Has the next look told even if nothing changed; for when what was told could not be acted on. */
  forget(): void {
    this.#seen = undefined;
  }

  /** Stops looking. */
  close(): void {
    this.#timer?.cancel();
  }

  #lookIn(delayMs: Millis): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#dueAt = clock.now() + delayMs;
    this.#timer = clock.setTimer(delayMs, () => this.#look());
  }

  #look(): void {
    this.#lookIn(LOOK_EVERY_MS);
    let interfaces: readonly NetworkInterface[];
    try {
      interfaces = this.#options.enumerate();
    } catch (error) {
      this.#options.onError(error);
      return;
    }
    const seen = JSON.stringify(interfaces);
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.#options.onChange(interfaces);
  }
}
