import {
  CableCarError,
  CLASSIC_CONNECTION,
  within,
  type Link,
  type WaitOptions,
} from '@cablecar/core-protocol';
import type { DirectServerOptions } from './options.ts';
import { resolveServerOptions, type ResolvedServerOptions } from './resolve-options.ts';
import { receptionFor } from './reception-for.ts';

/** Waits on a port for one peer, who knows where to find it. */
export class DirectServer {
  readonly #options: ResolvedServerOptions;

  /** @throws {CableCarError} ERR_OPTION, ERR_WEAK_SECRET */
  constructor(options: DirectServerOptions) {
    this.#options = resolveServerOptions(options);
  }

  /**
   * Listens until the first peer's link is there, then listens no more. Whoever does something wrong meanwhile is
   * turned away; the last such trouble is the `cause` of a timeout. Once it rejects, nothing is left open.
   * @throws {CableCarError} ERR_TIMEOUT, ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_PRIVATE_FILE, ERR_IDENTITY_FILE,
   * ERR_SYSTEM (rejects), or `signal.reason`
   */
  async connect(options: WaitOptions = {}): Promise<Link> {
    options.signal?.throwIfAborted();
    const { wire, transport, observer, port, interfaces } = this.#options;
    let first: Link | undefined;
    let trouble: CableCarError | undefined;
    let resolve!: (link: Link) => void;
    const met = new Promise<Link>((settle) => (resolve = settle));
    const reception = await receptionFor(this.#options, {
      onLink: (link) => resolve((first = link)),
      onWarning: (error) => {
        trouble = error;
        observer.note({ kind: 'warning', peer: undefined, error });
      },
    });
    const listener = await transport.listen({
      ...(wire === 'native' ? {} : CLASSIC_CONNECTION),
      port,
      interfaces,
      onConnection: (connection) => reception.admit(connection),
    });
    try {
      const what = `a peer's coming to port ${port}`;
      const link = await within(met, what, { ...options, clock: transport.clock });
      observer.note({ kind: 'peer', peer: link.peer });
      return link;
    } catch (error) {
      first?.destroy();
      if (CableCarError.is(error, 'ERR_TIMEOUT')) error.cause = trouble;
      throw error;
    } finally {
      await Promise.all([listener.close(), reception.close()]);
    }
  }
}
