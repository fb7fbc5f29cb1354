import type { Random, Transport } from '@cablecar/core-protocol';
import { simIdentity } from '@cablecar/simulator';

/** The simulated transport, with an id and an epoch that are chosen instead of drawn. */
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
    identify: () => simIdentity(Buffer.alloc(16, id).toString('hex')),
    stretch: (secret, scope) => transport.stretch(secret, scope),
    resolve: (host) => transport.resolve(host),
    privateFile: (path) => transport.privateFile(path),
  };
}
