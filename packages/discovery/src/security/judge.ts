import { CableCarError, type PeerInfo, type Transport } from '@cablecar/core-protocol';
import { KnownPeers } from './known-peers.ts';
import type { IdentityConflict, SecurityOptions, Trust } from './trust.ts';

/** Whom a judge tells. None of these may throw. */
export interface JudgeListener {
  readonly onConflict: (conflict: IdentityConflict) => void;
  readonly onWarning: (error: CableCarError) => void;
}

/** Says whether a peer is let in; at once where nobody is to be asked. Never throws, nor rejects. */
export type Judge = (peer: PeerInfo) => boolean | Promise<boolean>;

/**
 * The judge that the options ask for.
 * @throws {CableCarError} ERR_PRIVATE_FILE, ERR_IDENTITY_FILE, ERR_SYSTEM when the known peers cannot be read
 */
export function judgeFor(
  { trust, knownPeers }: Pick<SecurityOptions, 'trust' | 'knownPeers'>,
  transport: Pick<Transport, 'privateFile'>,
  listener: JudgeListener,
): Judge {
  if (trust === 'any') return () => true;
  const judge = strictJudge(trust, knownPeers, transport, listener);
  const failed = (cause: unknown): boolean => {
    const sentence = 'trust failed to judge a peer, expected yes or no; the peer was turned away';
    listener.onWarning(CableCarError.from(cause, 'ERR_LISTENER', sentence));
    return false;
  };
  return (peer) => {
    try {
      const verdict = judge(peer);
      return typeof verdict === 'boolean' ? verdict : Promise.resolve(verdict).then(isYes, failed);
    } catch (cause) {
      return failed(cause);
    }
  };
}

function strictJudge(
  trust: Exclude<Trust, 'any'>,
  path: string | undefined,
  transport: Pick<Transport, 'privateFile'>,
  { onConflict }: JudgeListener,
): Judge {
  if (typeof trust === 'function') return trust;
  if (trust !== 'known') {
    const allowed = new Set(trust.allow);
    return ({ id }) => allowed.has(id);
  }
  const known = new KnownPeers(transport.privateFile(path as string), onConflict);
  return (peer) => known.knows(peer);
}

/** Of what a program in JavaScript may answer, nothing but true is a yes. */
function isYes(verdict: unknown): boolean {
  return verdict === true;
}
