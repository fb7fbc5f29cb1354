import type { Greeting, Metadata, PeerId, Random } from '@cablecar/core-protocol';

/** Who a program is, as its peers see it. */
export interface Self {
  readonly id: PeerId;
  readonly epoch: string;
  readonly service: string;
  readonly name: string;
  readonly metadata: Metadata;
}

/** Somebody new: a random id and epoch. */
export function newSelf(
  { service, name, metadata }: Pick<Self, 'service' | 'name' | 'metadata'>,
  random: Random,
): Self {
  return { id: hex(random.bytes(16)), epoch: hex(random.bytes(8)), service, name, metadata };
}

/** What is said of oneself in a handshake. */
export function greetingOf(
  self: Self,
  { round, link }: Pick<Greeting, 'round' | 'link'>,
): Greeting {
  const { id, epoch, service, name, metadata } = self;
  return { id, epoch, service, name, metadata, round, link };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
