import type { ResolvedDiscoveryOptions } from '../resolve-options.ts';
import { judgeFor, type JudgeListener } from './judge.ts';
import { plainSecurity, TlsSecurity, type Security } from './security.ts';

/** For whoever has nobody to tell: a peer that is turned away says enough. */
const NOBODY: JudgeListener = { onConflict: () => {}, onWarning: () => {} };

/**
 * The security that the options ask for.
 * @throws {CableCarError} ERR_PRIVATE_FILE, ERR_IDENTITY_FILE, ERR_SYSTEM when a file cannot be read or kept
 */
export function securityFor(
  options: ResolvedDiscoveryOptions,
  listener: JudgeListener = NOBODY,
): Security {
  const { security, transport, identity, secret, service } = options;
  if (security === 'none') return plainSecurity(transport);
  return new TlsSecurity({
    transport,
    identity: transport.identify(identity),
    judge: judgeFor(options, transport, listener),
    secret,
    service,
  });
}
