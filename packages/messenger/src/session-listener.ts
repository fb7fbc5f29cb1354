import type { InflowListener } from './inflow.ts';
import type { SessionEnd } from './session-types.ts';

/** Whom a session tells. None of these may throw. */
export interface SessionListener extends Omit<InflowListener, 'onInput'> {
  /** Enough of what was sent has gone for more to be sent. */
  onDrain(): void;
  /** The peer is silent or away. */
  onSuspect(): void;
  /** The peer asks to compare codes. */
  onVerify(): void;
  /** It is back; nothing was lost. */
  onResume(): void;
  /** The end; last of all calls. */
  onClose(end: SessionEnd): void;
}
