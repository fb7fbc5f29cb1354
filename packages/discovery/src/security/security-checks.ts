import { CableCarError, optionError, type WireName } from '@cablecar/core-protocol';
import { secretStrength } from './secret-strength.ts';
import type { SecurityOptions, Trust } from './trust.ts';

/** Less than this and trying all of them is worth somebody's while. */
const MIN_SECRET_BITS = 50;

/**
 * The options of security, where they fit each other and the wire.
 * @throws {CableCarError} ERR_OPTION, ERR_WEAK_SECRET
 */
export function checkedSecurity(options: SecurityOptions, wire: WireName): SecurityOptions {
  const { security, secret, identity, trust } = options;
  if (security !== 'tls' && security !== 'none') {
    throw optionError('security', security, `'tls' or 'none'`);
  }
  const knownPeers = options.knownPeers ?? knownPeersBeside(identity);
  // A secret itself is never told, whatever it is made of: errors end up in logs.
  for (const [field, value] of Object.entries({ secret, identity, knownPeers })) {
    const isFit = value === undefined || (typeof value === 'string' && value !== '');
    if (!isFit) throw optionError(field, field === 'secret' ? `a ${typeof value}` : value, 'text');
  }
  if (secret !== undefined) demandStrong(secret);
  checkTrust(trust);
  if (trust === 'known' && knownPeers === undefined) {
    throw optionError('knownPeers', undefined, `a path, where trust is 'known'`);
  }
  const isPlain = security === 'none' || wire !== 'native';
  if (isPlain) demandNothing(options, wire);
  return { security, secret, identity, trust, knownPeers };
}

function knownPeersBeside(identity: string | undefined): string | undefined {
  return identity === undefined ? undefined : `${identity}.known`;
}

/** Where there are no keys nothing can be asked of them. */
function demandNothing({ secret, identity, trust }: SecurityOptions, wire: WireName): void {
  const where = wire === 'native' ? `with security 'none'` : `on the ${wire} wire`;
  if (secret !== undefined) throw optionError('secret', 'given', `none ${where}`);
  if (identity !== undefined) throw optionError('identity', identity, `none ${where}`);
  if (trust !== 'any') throw optionError('trust', 'given', `'any' ${where}`);
}

function checkTrust(trust: Trust): void {
  if (trust === 'any' || trust === 'known' || typeof trust === 'function') return;
  const isList =
    typeof trust === 'object' &&
    Array.isArray(trust?.allow) &&
    trust.allow.every((id) => /^[0-9a-f]{32}$/.test(id));
  if (isList) return;
  throw optionError('trust', JSON.stringify(trust), `'any', 'known', { allow: ids } or a function`);
}

function demandStrong(secret: string): void {
  const bits = Math.floor(secretStrength(secret));
  if (bits >= MIN_SECRET_BITS) return;
  const advice = 'take what generateSecret() gives, or four random words';
  throw new CableCarError(
    'ERR_WEAK_SECRET',
    `the secret is worth about ${bits} bits, expected at least ${MIN_SECRET_BITS}: ${advice}`,
  );
}
