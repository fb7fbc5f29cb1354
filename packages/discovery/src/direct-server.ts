import {
  CableCarError,
  CLASSIC_CONNECTION,
  within,
  type Link,
  type WaitOptions,
} from '@cablecar/core-protocol';
import {
  resolveServerOptions,
  type DirectServerOptions,
  type ResolvedServerOptions,
} from './options.ts';
import { receptionFor } from './reception-for.ts';

/** Waits on a port for one peer, who knows where to find it. */
export class DirectServer {
  readonly #options: ResolvedServerOptions;

  /** @throws {CableCarError} ERR_OPTION */
  constructor(options: DirectServerOptions) {
    this.#options = resolveServerOptions(options);
  }

  /**
   * Listens until the first peer's link is there, then listens no more. Whoever does something wrong meanwhile is
   * turned away; the last such trouble is the `cause` of a timeout. Once it rejects, nothing is left open.
   * @throws {CableCarError} ERR_TIMEOUT, ERR_PORT_IN_USE, ERR_PORT_ACCESS, ERR_SYSTEM (rejects), or `signal.reason`
   */
  async connect(options: WaitOptions = {}): Promise<Link> {
    options.signal?.throwIfAborted();
    const { wire, transport, port, interfaces } = this.#options;
    let first: Link | undefined;
    let trouble: CableCarError | undefined;
    let resolve!: (link: Link) => void;
    const met = new Promise<Link>((settle) => (resolve = settle));
    const reception = receptionFor(this.#options, {
      onLink: (link) => resolve((first = link)),
      onWarning: (error) => (trouble = error),
    });
    const listener = await transport.listen({
      ...(wire === 'native' ? {} : CLASSIC_CONNECTION),
      port,
      interfaces,
      onConnection: (connection) => reception.admit(connection),
    });
    try {
      return await within(met, `a peer's coming to port ${port}`, {
        ...options,
        clock: transport.clock,
      });
    } catch (error) {
      first?.destroy();
      if (CableCarError.is(error, 'ERR_TIMEOUT')) error.cause = trouble;
      throw error;
    } finally {
      await Promise.all([listener.close(), reception.close()]);
    }
  }
}
