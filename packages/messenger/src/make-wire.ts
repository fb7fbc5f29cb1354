import { MessageRegistry, type Link } from '@cablecar/core-protocol';
import { ClassicByteWire } from './classic-byte-wire.ts';
import { ClassicJsonWire } from './classic-json-wire.ts';
import { NativeWire } from './native-wire.ts';
import {
  resolveMessengerOptions,
  type MessengerOptions,
  type ResolvedMessengerOptions,
} from './options.ts';
import type { Wire } from './wire.ts';

/**
 * Throws what {@link Messenger} would, for whoever is given its options before there is a link to make one of.
 * @throws {CableCarError} ERR_OPTION, ERR_MESSAGE_DUPLICATE, ERR_MESSAGE_DEFINITION
 */
export function checkMessengerOptions(options: MessengerOptions): void {
  const resolved = resolveMessengerOptions(options);
  makeWire(new MessageRegistry(options.messages ?? []), resolved, { resumable: false });
}

/**
 * The wire that the options name.
 * @throws {CableCarError} ERR_MESSAGE_DEFINITION for a message that cannot travel on it
 */
export function makeWire(
  registry: MessageRegistry,
  options: ResolvedMessengerOptions,
  { resumable }: Pick<Link, 'resumable'>,
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
