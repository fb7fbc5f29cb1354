import type { DialState } from './dial-types.ts';

/** Where things stand with one life of a peer, or that nothing is known of it. */
export type DialStateName = DialState['kind'] | 'unknown';

/** What came to nothing is tried again, now or later, or forgotten where the peer is not sighted any more. */
const AGAIN = ['waiting', 'dialling', 'unknown'] as const;

/**
 * Every state of one life, with what each input that names it may make of it.
 * @see docs/protocol.md §4
 */
export const DIAL_TRANSITIONS = {
  unknown: {
    sighted: ['dialling', 'waiting', 'unknown'],
    gone: ['unknown'],
    connected: ['unknown'],
    welcomed: ['unknown'],
    failed: ['unknown'],
    offered: ['answering', 'unknown'],
    confirmed: ['unknown'],
    withdrawn: ['unknown'],
    unlinked: ['unknown'],
    stop: ['unknown'],
    wake: ['unknown'],
  },
  idle: {
    sighted: ['idle'],
    gone: ['unknown'],
    connected: ['idle'],
    welcomed: ['idle'],
    failed: ['idle'],
    offered: ['answering'],
    confirmed: ['idle'],
    withdrawn: ['idle'],
    unlinked: ['idle'],
    stop: ['unknown'],
    wake: ['idle'],
  },
  waiting: {
    sighted: ['waiting', 'dialling'],
    gone: ['unknown'],
    connected: ['waiting'],
    welcomed: ['waiting'],
    failed: ['waiting'],
    offered: ['answering'],
    confirmed: ['waiting'],
    withdrawn: ['waiting'],
    unlinked: ['waiting'],
    stop: ['unknown'],
    wake: ['waiting', 'dialling'],
  },
  dialling: {
    sighted: ['dialling'],
    gone: ['dialling'],
    connected: ['dialling'],
    welcomed: ['linked', 'dialling'],
    failed: [...AGAIN, 'idle'],
    offered: ['answering', 'crossing'],
    confirmed: ['dialling'],
    withdrawn: ['dialling'],
    unlinked: ['dialling'],
    stop: ['unknown'],
    wake: ['dialling'],
  },
  answering: {
    sighted: ['answering'],
    gone: ['answering'],
    connected: ['answering'],
    welcomed: ['answering'],
    failed: ['answering'],
    offered: ['answering'],
    confirmed: ['linked', 'answering'],
    withdrawn: ['answering', ...AGAIN],
    unlinked: ['answering'],
    stop: ['unknown'],
    wake: ['answering'],
  },
  crossing: {
    sighted: ['crossing'],
    gone: ['crossing'],
    connected: ['crossing'],
    welcomed: ['linked', 'crossing'],
    failed: ['answering'],
    offered: ['crossing'],
    confirmed: ['linked', 'crossing'],
    withdrawn: ['crossing', 'dialling'],
    unlinked: ['crossing'],
    stop: ['unknown'],
    wake: ['crossing'],
  },
  linked: {
    sighted: ['linked'],
    gone: ['linked'],
    connected: ['linked'],
    welcomed: ['linked'],
    failed: ['linked'],
    offered: ['linked'],
    confirmed: ['linked'],
    withdrawn: ['linked'],
    unlinked: ['linked', 'answering', 'idle', ...AGAIN],
    stop: ['linked'],
    wake: ['linked'],
  },
} as const;
