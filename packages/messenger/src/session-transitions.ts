import type { SessionState } from './session-state.ts';
import type { SessionInput } from './session-types.ts';

type Name = SessionState['name'];
type Row = Readonly<Record<SessionInput['kind'] | 'wake', readonly Name[]>>;

/** What ends a session wherever it stands. */
const ENDS: Pick<Row, 'destroy' | 'lost'> = { destroy: ['closed'], lost: ['closed'] };

/**
 * Every state with what each input may make of it.
 * @see docs/state-machines.md
 */
export const SESSION_TRANSITIONS: Readonly<Record<Name, Row>> = {
  idle: {
    start: ['opening'],
    control: ['idle'],
    received: ['idle'],
    taken: ['idle'],
    flush: ['idle'],
    close: ['closed'],
    fault: ['closed'],
    ended: ['idle'],
    down: ['idle'],
    up: ['idle'],
    wake: ['idle'],
    ...ENDS,
  },
  opening: {
    start: ['opening'],
    control: ['open', 'ending'],
    received: ['opening', 'ending'],
    taken: ['opening'],
    flush: ['opening'],
    close: ['opening', 'ending'],
    fault: ['ending'],
    ended: ['suspended', 'closed'],
    down: ['suspended'],
    up: ['opening'],
    wake: ['opening', 'suspended', 'ending', 'closed'],
    ...ENDS,
  },
  open: {
    start: ['open'],
    control: ['open', 'ending'],
    received: ['open', 'ending'],
    taken: ['open'],
    flush: ['open'],
    close: ['open', 'ending'],
    fault: ['ending'],
    ended: ['suspended', 'closed'],
    down: ['suspended'],
    up: ['opening'],
    wake: ['open', 'suspended', 'ending', 'closed'],
    ...ENDS,
  },
  suspended: {
    start: ['suspended'],
    control: ['suspended'],
    received: ['suspended'],
    taken: ['suspended'],
    flush: ['suspended'],
    close: ['suspended'],
    fault: ['closed'],
    ended: ['suspended'],
    down: ['suspended'],
    up: ['opening'],
    wake: ['suspended', 'closed'],
    ...ENDS,
  },
  ending: {
    start: ['ending'],
    control: ['ending'],
    received: ['ending'],
    taken: ['ending'],
    flush: ['ending'],
    close: ['ending'],
    fault: ['ending'],
    ended: ['closed'],
    down: ['closed'],
    up: ['ending'],
    wake: ['ending', 'closed'],
    ...ENDS,
  },
  closed: {
    start: ['closed'],
    control: ['closed'],
    received: ['closed'],
    taken: ['closed'],
    flush: ['closed'],
    close: ['closed'],
    fault: ['closed'],
    ended: ['closed'],
    down: ['closed'],
    up: ['closed'],
    wake: ['closed'],
    ...ENDS,
  },
};
