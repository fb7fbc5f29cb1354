import type { Endpoint } from '@cablecar/core-protocol';
import type { Dial, DialState, Offers } from './dial-types.ts';
import type { Life } from '../life.ts';

/** A peer may be heard at several addresses; this many of them are remembered. */
const MAX_ENDPOINTS = 4;

/** Shared by all who have none; nobody adds to it. */
export const NO_OFFERS: Offers = new Map();

/** What is known of one life of a peer. */
export interface DialRecord {
  readonly life: Life;
  /** Where it was heard, the one to dial first in front; empty while it is not sighted. */
  endpoints: readonly Endpoint[];
  /** Dials that came to nothing since the last link that held. */
  failures: number;
  /** The last round of handshakes that got as far as WELCOME. */
  round: number;
  /** Changed by {@link DialRecords.enter} alone. */
  state: DialState;
}

/** A record of a life of which nothing is known but the last round. */
export function newRecord(life: Life, round: number): DialRecord {
  return { life, endpoints: [], failures: 0, round, state: { kind: 'idle' } };
}

/** Our dial to that peer, if one is under way. */
export function dialOf({ state }: DialRecord): Dial | undefined {
  return state.kind === 'dialling' || state.kind === 'crossing' ? state.dial : undefined;
}

/** The connections on which that peer's HELLO came and that are not decided. */
export function offersOf({ state }: DialRecord): Offers {
  return 'offers' in state ? state.offers : NO_OFFERS;
}

/** Whether our HELLO is on its way, so that the peer may answer it at any moment. */
export function isGreeted(dial: Dial | undefined): dial is Dial {
  return dial !== undefined && (dial.phase === 'greeted' || dial.phase === 'welcomed');
}

/** Whether there is a link or a connection that may become one. */
export function isEngaged({ state }: DialRecord): boolean {
  return state.kind !== 'idle' && state.kind !== 'waiting';
}

/** Whether anything is under way or due: nobody has to be looked at but those of whom this is so. */
export function isAstir(record: DialRecord): boolean {
  const { kind } = record.state;
  return kind !== 'idle' && (kind !== 'linked' || offersOf(record).size > 0);
}

/**
 * Puts an endpoint in front of the others of its kind; link-local ones, which hold on one link alone and nobody can read,
 * come last. False if it was known.
 */
export function preferEndpoint(record: DialRecord, { host, port }: Endpoint): boolean {
  const others = record.endpoints.filter((known) => known.host !== host || known.port !== port);
  const isNew = others.length === record.endpoints.length;
  const all = [{ host, port }, ...others];
  all.sort((one, other) => Number(isLinkLocal(one)) - Number(isLinkLocal(other)));
  record.endpoints = all.slice(0, MAX_ENDPOINTS);
  return isNew;
}

function isLinkLocal({ host }: Endpoint): boolean {
  return host.includes('%');
}
