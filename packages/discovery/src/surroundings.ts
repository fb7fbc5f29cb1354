import { CableCarError, type Observer, type Transport } from '@cablecar/core-protocol';
import { nodeTransport, systemObserver } from '@cablecar/transport';

/** What is outside of a program, and who is told of what passes between the two. */
interface Surroundings {
  readonly transport: Transport;
  readonly observer: Observer;
}

/** The surroundings with their defaults filled in, in which no dial goes unnoticed. */
export function surroundings({
  transport = nodeTransport(),
  observer = systemObserver,
}: Partial<Surroundings>): Surroundings {
  return { transport: watchedDials(transport, observer), observer };
}

/** The same transport, which tells an observer of every connection that is dialled, and of those that come to nothing. */
function watchedDials(transport: Transport, observer: Observer): Transport {
  return {
    clock: transport.clock,
    random: transport.random,
    openDatagrams: (options) => transport.openDatagrams(options),
    listen: (options) => transport.listen(options),
    identify: (path) => transport.identify(path),
    stretch: (secret, scope) => transport.stretch(secret, scope),
    resolve: (host) => transport.resolve(host),
    privateFile: (path) => transport.privateFile(path),
    dial: (endpoint, options) => {
      observer.note({ kind: 'dial', endpoint });
      const dialled = transport.dial(endpoint, options);
      dialled.catch((cause: unknown) => {
        if (options?.signal?.aborted) return; // nobody wants it any more
        const error = CableCarError.from(cause, 'ERR_SYSTEM', 'a dial failed, expected to connect');
        observer.note({ kind: 'dial-failed', endpoint, error });
      });
      return dialled;
    },
  };
}
