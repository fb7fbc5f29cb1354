import {
  CableCarError,
  formatEndpoint,
  within,
  type ErrorCode,
  type Link,
  type WaitOptions,
} from '@cablecar/core-protocol';
import { dialLinkFor, type DialLink } from './dial-link.ts';
import type { DirectClientOptions } from './options.ts';
import { resolveClientOptions, type ResolvedClientOptions } from './resolve-options.ts';

const RETRY_BASE_MS = 50;
const RETRY_CAP_MS = 1000;

/** What will not change by trying again. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'ERR_SERVICE_MISMATCH',
  'ERR_VERSION_MISMATCH',
  'ERR_SELF',
  'ERR_SECURITY_MODE',
  'ERR_SECRET',
  'ERR_UNTRUSTED',
  'ERR_OPTION',
]);

/** Connects to one peer at a known host and port: a {@link DirectServer}, or anybody who listens for peers. */
export class DirectClient {
  readonly #options: ResolvedClientOptions;

  /** @throws {CableCarError} ERR_OPTION, ERR_WEAK_SECRET */
  constructor(options: DirectClientOptions) {
    this.#options = resolveClientOptions(options);
  }

  /**
   * Dials until there is a link, with growing pauses, so that it does not matter which end starts first. Gives up where
   * the other program is of another service or version, has another secret, or does not trust this one. Once it rejects, nothing is left open.
   * @throws {CableCarError} ERR_TIMEOUT with the last trouble as its `cause`, ERR_SERVICE_MISMATCH,
   * ERR_VERSION_MISMATCH, ERR_SELF, ERR_SECURITY_MODE, ERR_SECRET, ERR_UNTRUSTED, and where
   * a file cannot be used ERR_PRIVATE_FILE, ERR_IDENTITY_FILE, ERR_SYSTEM (rejects), or `signal.reason`
   */
  async connect(options: WaitOptions = {}): Promise<Link> {
    options.signal?.throwIfAborted();
    const { host, port, transport, observer } = this.#options;
    const search = new Search(this.#options);
    const what = `connecting to ${formatEndpoint({ host, port })}`;
    try {
      const link = await within(search.run(), what, { ...options, clock: transport.clock });
      observer.note({ kind: 'peer', peer: link.peer });
      return link;
    } catch (error) {
      search.end();
      if (CableCarError.is(error, 'ERR_TIMEOUT')) error.cause ??= search.trouble;
      throw error;
    }
  }
}

/** One search for a peer, from the first dial to the link. */
class Search {
  /** What went wrong last. */
  trouble: CableCarError | undefined;
  readonly #options: ResolvedClientOptions;
  readonly #abort = new AbortController();
  #link: Link | undefined;

  constructor(options: ResolvedClientOptions) {
    this.#options = options;
  }

  async run(): Promise<Link> {
    const dial = await dialLinkFor(this.#options);
    for (let failures = 0; ; failures++) {
      try {
        return await this.#attempt(dial);
      } catch (error) {
        this.trouble = CableCarError.from(error, 'ERR_SYSTEM', 'a dial failed, expected a link');
        if (this.#abort.signal.aborted || FINAL.has(this.trouble.code)) throw error;
      }
      await this.#pause(failures);
    }
  }

  /** Leaves nothing open. */
  end(): void {
    this.#abort.abort();
    this.#link?.destroy();
  }

  async #attempt(dial: DialLink): Promise<Link> {
    this.#link = await dial(this.#abort.signal);
    if (this.#abort.signal.aborted) this.end();
    return this.#link;
  }

  /** A random part of a time that doubles with each failure; ends at once when the search does. */
  #pause(failures: number): Promise<void> {
    const { clock, random } = this.#options.transport;
    const { signal } = this.#abort;
    const longestMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** failures);
    return new Promise((resolve) => {
      const done = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = clock.setTimer(longestMs * (0.5 + random.float() / 2), done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
