import type { Link } from 'cablecar';

/** A link whose chunks wait until they are carried over to another, for measuring each end apart. */
export class HeldLink {
  readonly peer = { id: 'bench', name: 'bench', metadata: {} };
  readonly resumable = false;
  readonly bufferedBytes = 0;
  readonly clock = {
    now: (): number => performance.now(),
    wallNow: (): number => Date.now(),
    setTimer: (): { cancel(): void } => ({ cancel: () => {} }),
    endOfTurn: (callback: () => void): void => void this.#due.push(callback),
  };
  readonly #written: Buffer[] = [];
  readonly #due: (() => void)[] = [];
  #handlers: Parameters<Link['attach']>[0] | undefined;

  /** The same to those that know links. */
  get asLink(): Link {
    return this as unknown as Link;
  }

  attach(handlers: Parameters<Link['attach']>[0]): void {
    this.#handlers = handlers;
  }

  write(pieces: readonly Uint8Array[]): boolean {
    this.#written.push(Buffer.concat(pieces));
    return true;
  }

  /** Does what was to be done at the end of the turn. */
  endTurn(): void {
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) next();
  }

  /** Gives what was written to the other's listener. */
  deliverTo(other: HeldLink): void {
    for (const chunk of this.#written.splice(0)) other.#handlers?.onChunk(chunk);
  }

  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {}
  reconnect(): void {}
}
