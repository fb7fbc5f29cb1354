import type { Refusal } from './words.ts';

/** There is no place. */
export const TAKEN: Refusal = { code: 'full', reason: 'the player is taken' };
/** Nobody is let in. */
export const SHUT: Refusal = { code: 'declined', reason: 'the player takes no invitations' };
/** It is history. */
export const WITHDRAWN: Refusal = {
  code: 'withdrawn',
  reason: 'the invitation was taken back',
};
/** Silence. */
export const LATE: Refusal = { code: 'timeout', reason: 'nobody answered in time' };
/** No connection any more. */
export const GONE: Refusal = { code: 'left', reason: 'the player left the lobby' };
