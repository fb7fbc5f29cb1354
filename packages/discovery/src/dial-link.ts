import { CLASSIC_CONNECTION, type Link } from '@cablecar/core-protocol';
import { ClassicLink } from './classic/classic-link.ts';
import { shakeHands } from './handshake/shake-hands.ts';
import { linkOf } from './link/link-of.ts';
import type { ResolvedClientOptions } from './resolve-options.ts';
import { securityFor } from './security/security-for.ts';
import type { Security } from './security/security.ts';
import { newSelf } from './self.ts';

/** Dials one known place once, and makes the connection a link. Leaves nothing open when it rejects. */
export type DialLink = (signal: AbortSignal) => Promise<Link>;

/**
 * How the wire dials.
 * @throws {CableCarError} ERR_PRIVATE_FILE, ERR_IDENTITY_FILE, ERR_SYSTEM (rejects)
 */
export async function dialLinkFor(options: ResolvedClientOptions): Promise<DialLink> {
  if (options.wire !== 'native') return (signal) => dialClassic(options, signal);
  const security = securityFor(options);
  await security.prepare();
  return (signal) => dialNative(options, security, signal);
}

/** On the native wire a connection is a link once hands are shaken. */
async function dialNative(
  options: ResolvedClientOptions,
  security: Security,
  signal: AbortSignal,
): Promise<Link> {
  const { transport, host, port, handshakeTimeoutMs } = options;
  const to = { host, port };
  const connection = await transport.dial(to, { signal, timeoutMs: handshakeTimeoutMs });
  const self = newSelf(security.id, options, transport.random);
  const place = {
    transport,
    security,
    via: () => 'direct' as const,
    handshakeTimeoutMs,
    self: () => self,
    onWarning: () => {},
  };
  const { meeting, greeting, rest } = await shakeHands(connection, place, signal);
  return linkOf(meeting, greeting, rest, { via: 'direct', transport, onClosed: () => {} });
}

/** On the classic wires it is one at once. */
async function dialClassic(options: ResolvedClientOptions, signal: AbortSignal): Promise<Link> {
  const { transport, host, port, handshakeTimeoutMs: timeoutMs } = options;
  const { clock, random } = transport;
  const to = { host, port };
  const connection = await transport.dial(to, { ...CLASSIC_CONNECTION, signal, timeoutMs });
  return new ClassicLink({ connection, clock, random, dialledBy: 'us', via: 'direct' });
}
