import type { CableCarError, Endpoint, Link, Listener } from '@cablecar/core-protocol';
import type { SimHost, World } from '@cablecar/simulator';
import { expect } from 'vitest';
import { lifeOf, type Life } from '../life.ts';
import { LinkMaker } from '../link/link-maker.ts';
import type { Self } from '../self.ts';

/** One end of a meeting: makes links, and notes what became of them. */
export class End {
  readonly self: Self;
  readonly made: Link[] = [];
  readonly lost: Link[] = [];
  readonly warnings: CableCarError[] = [];
  readonly #host: SimHost;
  readonly #maker: LinkMaker;
  #listener: Listener | undefined;

  constructor(host: SimHost, id: number, { headStartMs = 0, once = false } = {}) {
    this.#host = host;
    const name = host.name;
    const [hex, epoch] = [`${id}`.repeat(32), '1'.repeat(16)];
    this.self = { id: hex, epoch, service: 'test', name, metadata: {} };
    this.#maker = new LinkMaker({
      transport: host.transport,
      via: 'broadcast',
      self: () => this.self,
      handshakeTimeoutMs: 2000,
      headStartMs,
      once,
      maxPeers: 10,
      onLink: (link) => this.made.push(link),
      onLost: (link) => this.lost.push(link),
      onWarning: (error) => this.warnings.push(error),
    });
  }

  get life(): Life {
    return lifeOf(this.self);
  }

  get endpoint(): Endpoint {
    return { host: this.#host.addresses[0]!, port: this.#listener!.port };
  }

  get links(): Link[] {
    return this.made.filter((link) => !this.lost.includes(link));
  }

  async open(): Promise<void> {
    this.#maker.open();
    this.#listener = await this.#host.transport.listen({
      port: 0,
      interfaces: 'all',
      onConnection: (connection) => this.#maker.admit(connection),
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#listener?.close(), this.#maker.close()]);
  }

  sight(other: End): void {
    this.#maker.sighted(other.life, other.endpoint);
  }
}

/** Opens an end on a host of its own for each id. */
export async function ends(
  world: World,
  ids: readonly number[],
  options: { readonly headStartMs?: number; readonly once?: boolean } = {},
): Promise<End[]> {
  const all = ids.map((id) => new End(world.host(`host${id}`), id, options));
  await world.runUntil(Promise.all(all.map((end) => end.open())));
  return all;
}

/** There is one link at each end, and both are ends of one connection. */
export function expectOneConnection(one: End, other: End): void {
  expect([one.links.length, other.links.length]).toEqual([1, 1]);
  expect(one.links[0]!.local).toEqual(other.links[0]!.remote);
  expect(one.links[0]!.remote).toEqual(other.links[0]!.local);
}
