/**
 * Every state of a handshake, with what each input may make of it.
 *
 * A dialler is `connected`, has `greeted`, is `welcomed`; an acceptor has `accepted`, has been `offered` a HELLO, is
 * `welcoming`. `refusing` waits for the other end to take in a REJECT; `linked` and `over` are the two ends.
 * @see docs/protocol.md §3
 */
export const HANDSHAKE_TRANSITIONS = {
  connected: {
    greet: ['greeted'],
    confirm: ['connected'],
    welcome: ['connected'],
    refuse: ['over'],
    chunk: ['over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['connected', 'over'],
  },
  greeted: {
    greet: ['greeted'],
    confirm: ['greeted'],
    welcome: ['greeted'],
    refuse: ['over'],
    chunk: ['greeted', 'welcomed', 'over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['greeted', 'over'],
  },
  welcomed: {
    greet: ['welcomed'],
    confirm: ['linked'],
    welcome: ['welcomed'],
    refuse: ['over'],
    chunk: ['welcomed', 'over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['welcomed', 'over'],
  },
  accepted: {
    greet: ['accepted'],
    confirm: ['accepted'],
    welcome: ['accepted'],
    refuse: ['over'],
    chunk: ['accepted', 'offered', 'refusing', 'over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['accepted', 'over'],
  },
  offered: {
    greet: ['offered'],
    confirm: ['offered'],
    welcome: ['welcoming'],
    refuse: ['refusing'],
    chunk: ['over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['offered', 'over'],
  },
  welcoming: {
    greet: ['welcoming'],
    confirm: ['welcoming'],
    welcome: ['welcoming'],
    refuse: ['over'],
    chunk: ['welcoming', 'linked', 'over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['welcoming', 'over'],
  },
  refusing: {
    greet: ['refusing'],
    confirm: ['refusing'],
    welcome: ['refusing'],
    refuse: ['refusing'],
    chunk: ['refusing'],
    ended: ['over'],
    closed: ['over'],
    wake: ['refusing', 'over'],
  },
  linked: {
    greet: ['linked'],
    confirm: ['linked'],
    welcome: ['linked'],
    refuse: ['linked'],
    chunk: ['linked'],
    ended: ['linked'],
    closed: ['linked'],
    wake: ['linked'],
  },
  over: {
    greet: ['over'],
    confirm: ['over'],
    welcome: ['over'],
    refuse: ['over'],
    chunk: ['over'],
    ended: ['over'],
    closed: ['over'],
    wake: ['over'],
  },
} as const;

/** A state of a handshake. */
export type HandshakeState = keyof typeof HANDSHAKE_TRANSITIONS;
