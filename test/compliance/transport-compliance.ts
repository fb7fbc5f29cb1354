import { describe } from 'vitest';
import { describeClock } from './clock-compliance.ts';
import { describeConnections, describeResets } from './connection-compliance.ts';
import { describeDatagrams } from './datagram-compliance.ts';
import { describeDialling } from './dial-compliance.ts';
import { describeSecurity } from './security-compliance.ts';
import { Scene, SecureScene, type TransportWorld } from './transport-world.ts';

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
    describeConnections('connections', scene);
    describeResets(scene);
    describe('secured', () => {
      const secure = new SecureScene(make);
      describeConnections('connections', secure);
    });
    describeSecurity(scene);
  });
}
