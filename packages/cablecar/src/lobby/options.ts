import { optionError, wholeNumber, type MessageClass } from '@cablecar/core-protocol';
import type { JoinOptions } from '../options.ts';
import { OPENNESS, type Openness } from './words.ts';

/** What {@link joinLobby} takes: what `join()` does, and how this player plays. */
export interface LobbyOptions<
  Classes extends readonly MessageClass[] = readonly MessageClass[],
> extends JoinOptions<Classes> {
  /**
   * How invitations are taken: `'open'` accepts each at once, `'ask'` emits `'invitation'`, `'invite-only'` declines all
   * but lets this player invite, `'closed'` declines all and lets nobody invite.
   * @default 'ask' ('open', 'ask', 'invite-only' or 'closed')
   */
  readonly openness?: Openness;
  /**
   * Players in a match that this player hosts, itself included. At the limit, invitations that are still open are taken
   * back. @default 2 (range 2 to 64)
   */
  readonly size?: number;
  /**
   * How long an invitation stands, in milliseconds, where `invite()` is not told, and how long an acceptance waits to be
   * confirmed. @default 30_000 (range 1 to 86_400_000)
   */
  readonly inviteTimeoutMs?: number;
}

/** How one invitation is given. */
export interface InviteOptions {
  /** How long it stands, in milliseconds. @default the lobby's `inviteTimeoutMs` (range 1 to 86_400_000) */
  readonly timeoutMs?: number;
  /** Aborting takes the invitation back and rejects with `signal.reason`, unchanged. @default none */
  readonly signal?: AbortSignal;
}

/** A lobby's own options with every default filled in. */
export type ResolvedLobbyOptions = Required<
  Pick<LobbyOptions, 'openness' | 'size' | 'inviteTimeoutMs'>
>;

const MAX_SIZE = 64;
const MAX_TIMEOUT_MS = 86_400_000;

/**
 * Checks the lobby's own options and fills in the defaults.
 * @throws {CableCarError} ERR_OPTION, naming the field, the value and the range
 */
export function resolveLobbyOptions({
  openness = 'ask',
  size = 2,
  inviteTimeoutMs = 30_000,
}: LobbyOptions): ResolvedLobbyOptions {
  checkOpenness(openness);
  wholeNumber('size', size, { low: 2, high: MAX_SIZE });
  checkTimeout('inviteTimeoutMs', inviteTimeoutMs);
  return { openness, size, inviteTimeoutMs };
}

/** @throws {CableCarError} ERR_OPTION */
export function checkOpenness(openness: Openness): void {
  if (OPENNESS.includes(openness)) return;
  throw optionError('openness', openness, OPENNESS.join(', '));
}

/** @throws {CableCarError} ERR_OPTION */
export function checkTimeout(field: string, timeoutMs: number): void {
  wholeNumber(field, timeoutMs, { low: 1, high: MAX_TIMEOUT_MS });
}
