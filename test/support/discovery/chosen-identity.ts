import type { Random, Transport } from '@cablecar/core-protocol';

/** The transport, with an id and an epoch that are chosen instead of drawn. */
export function chosenIdentity(
  transport: Transport,
  { id, epoch = 1 }: { readonly id: number; readonly epoch?: number },
): Transport {
  const { random, clock } = transport;
  const chosen: Random = {
    float: () => random.float(),
    bytes: (length) => Buffer.alloc(length, length === 16 ? id : epoch),
  };
  return {
    clock,
    random: chosen,
    openDatagrams: (options) => transport.openDatagrams(options),
    listen: (options) => transport.listen(options),
    dial: (to, options) => transport.dial(to, options),
  };
}
