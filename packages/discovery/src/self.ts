import type { Greeting, Metadata, PeerId, Random } from '@cablecar/core-protocol';

/** Who a program is, as its peers see it. */
export interface Self {
  readonly id: PeerId;
  readonly epoch: string;
  readonly service: string;
  readonly name: string;
  readonly metadata: Metadata;
}

/** A new life of whoever has the id: a random epoch. */
export function newSelf(
  id: PeerId,
  { service, name, metadata }: Pick<Self, 'service' | 'name' | 'metadata'>,
  random: Random,
): Self {
  const epoch = Buffer.from(random.bytes(8)).toString('hex');
  return { id, epoch, service, name, metadata };
}

/** Where we stand with a peer, as a greeting says it. */
export type Standing = Pick<Greeting, 'round' | 'link'>;

/** What is said of oneself in a handshake. */
export function greetingOf(self: Self, { round, link }: Standing): Greeting {
  const { id, epoch, service, name, metadata } = self;
  return { id, epoch, service, name, metadata, round, link };
}
