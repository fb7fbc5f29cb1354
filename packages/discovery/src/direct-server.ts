import {
  CableCarError,
  within,
  type InterfaceSelection,
  type Link,
  type WaitOptions,
} from '@cablecar/core-protocol';
import { LinkMaker } from './link/link-maker.ts';
import {
  resolveServerOptions,
  type DirectServerOptions,
  type ResolvedServerOptions,
} from './options.ts';
import { newSelf } from './self.ts';

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
    const { transport, port, interfaces } = this.#options;
    const self = newSelf(this.#options, transport.random);
    let first: Link | undefined;
    let trouble: CableCarError | undefined;
    let resolve!: (link: Link) => void;
    const met = new Promise<Link>((settle) => (resolve = settle));
    const maker = new LinkMaker({
      ...this.#options,
      via: 'direct',
      self: () => self,
      once: true,
      maxPeers: 1,
      headStartMs: 0,
      onLink: (link) => resolve((first = link)),
      onLost: () => {},
      onWarning: (error) => (trouble = error),
    });
    maker.open();
    const listener = await transport.listen({
      port,
      interfaces,
      onConnection: (connection) => maker.admit(connection),
    });
    try {
      return await within(met, `a peer's coming to port ${port}`, transport.clock, options);
    } catch (error) {
      first?.destroy();
      if (CableCarError.is(error, 'ERR_TIMEOUT')) error.cause = trouble;
      throw error;
    } finally {
      await Promise.all([listener.close(), maker.close()]);
    }
  }
}
