import type { Link, MessageRegistry } from '@cablecar/core-protocol';
import { ClassicByteWire } from './classic-byte-wire.ts';
import { ClassicJsonWire } from './classic-json-wire.ts';
import { NativeWire } from './native-wire.ts';
import type { ResolvedMessengerOptions } from './options.ts';
import type { Wire } from './wire.ts';

/**
 * The wire that the options name.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION for a message that cannot travel on it
 */
export function makeWire(
  registry: MessageRegistry,
  options: ResolvedMessengerOptions,
  { resumable }: Link,
): Wire {
  switch (options.wire) {
    case 'native':
      return new NativeWire(registry, options, resumable);
    case 'classic-json':
      return new ClassicJsonWire(registry, options);
    case 'classic-byte':
      return new ClassicByteWire(registry);
  }
}
