/**
 * The ports on Node: UDP, TCP, interfaces, time and chance.
 * @module @cablecar/transport
 */
export { enumerateInterfaces, selectInterfaces } from './interfaces.ts';
export { nodeTransport } from './node-transport.ts';
export { streamConnection } from './stream-connection.ts';
export { systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
export { systemObserver } from './system-observer.ts';
export { systemIdentity } from './system-identity.ts';
