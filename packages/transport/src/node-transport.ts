import type { Transport } from '@cablecar/core-protocol';
import { enumerateInterfaces } from './interfaces.ts';
import { identify } from './security/node-identity.ts';
import { PrivateTextFile } from './security/private-text-file.ts';
import { stretch } from './security/stretched-secret.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { dialTcp } from './tcp-dialer.ts';
import { listenTcp } from './tcp-listener.ts';
import { resolveHost } from './resolve-host.ts';
import { openUdpDatagrams } from './udp-datagrams.ts';

/**
 * The real thing behind the port `Transport`: UDP, TCP and TLS of Node, the system's time and randomness.
 * What it opens is closed by whoever opened it.
 */
export function nodeTransport(): Transport {
  return {
    clock: systemClock,
    random: systemRandom,
    openDatagrams: (options) =>
      openUdpDatagrams(options, { clock: systemClock, enumerate: enumerateInterfaces }),
    listen: listenTcp,
    dial: dialTcp,
    resolve: resolveHost,
    identify,
    stretch,
    privateFile: (path) => new PrivateTextFile(path),
  };
}
