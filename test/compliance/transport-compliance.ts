import { describe } from 'vitest';
import { describeClock } from './clock-compliance.ts';
import { describeConnections } from './connection-compliance.ts';
import { describeDatagrams } from './datagram-compliance.ts';
import { describeDialling } from './dial-compliance.ts';
import { Scene, type TransportWorld } from './transport-world.ts';

/**
 * What every make of the port `Transport` must do, told as tests: no more than the ports' own words promise.
 * `make` builds a fresh world for each test.
 */
export function describeTransport(name: string, make: () => Promise<TransportWorld>): void {
  describe(`${name}, as a transport`, () => {
    const scene = new Scene(make);
    describeClock(scene);
    describeDatagrams(scene);
    describeDialling(scene);
    describeConnections(scene);
  });
}
