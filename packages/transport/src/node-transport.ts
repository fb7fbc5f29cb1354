import type { Transport } from '@cablecar/core-protocol';
import { enumerateInterfaces } from './interfaces.ts';
import { systemClock } from './system-clock.ts';
import { systemRandom } from './system-random.ts';
import { dialTcp } from './tcp-dialer.ts';
import { listenTcp } from './tcp-listener.ts';
import { openUdpDatagrams } from './udp-datagrams.ts';

/**
 * The real thing behind the port `Transport`: UDP and TCP of Node, the system's time and randomness.
 * It has no state of its own; what it opens is closed by whoever opened it.
 */
export function nodeTransport(): Transport {
  return {
    clock: systemClock,
    random: systemRandom,
    openDatagrams: (options) =>
      openUdpDatagrams(options, { clock: systemClock, enumerate: enumerateInterfaces }),
    listen: listenTcp,
    dial: dialTcp,
  };
}
