export { enumerateInterfaces, selectInterfaces } from './interfaces.ts';
export { nodeTransport } from './node-transport.ts';
export { streamConnection } from './stream-connection.ts';
export { systemClock } from './system-clock.ts';
export { systemRandom } from './system-random.ts';
export { systemIdentity } from './system-identity.ts';
