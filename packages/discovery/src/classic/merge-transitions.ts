/**
 * Every state of a link that may have two connections, with what each input makes of it.
 * @see docs/protocol.md §9.4
 */
export const MERGE_TRANSITIONS = {
  undecided: {
    joined: ['undecided'],
    spoke: ['decided'],
    ended: ['undecided', 'decided', 'over'],
    finish: ['finishing'],
    destroy: ['over'],
    wake: ['undecided', 'decided'],
  },
  decided: {
    joined: ['decided', 'undecided'],
    spoke: ['decided'],
    ended: ['decided', 'over'],
    finish: ['finishing'],
    destroy: ['over'],
    wake: ['decided'],
  },
  finishing: {
    joined: ['finishing'],
    spoke: ['finishing'],
    ended: ['finishing', 'over'],
    finish: ['finishing'],
    destroy: ['over'],
    wake: ['finishing'],
  },
  over: {
    joined: ['over'],
    spoke: ['over'],
    ended: ['over'],
    finish: ['over'],
    destroy: ['over'],
    wake: ['over'],
  },
} as const;

/** A state of a link that may have two connections. */
export type MergeStateName = keyof typeof MERGE_TRANSITIONS;
