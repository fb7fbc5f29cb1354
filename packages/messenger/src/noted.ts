import type { Link, Observer } from '@cablecar/core-protocol';
import type { SessionListener } from './session-listener.ts';

/** The same listener, of whose peer an observer hears as well. Messages go past it. */
export function noted(
  listener: SessionListener,
  link: Pick<Link, 'peer'>,
  observer: Observer,
): SessionListener {
  return {
    ...listener,
    onWarning: (error) => {
      observer.note({ kind: 'warning', peer: link.peer, error });
      listener.onWarning(error);
    },
    onSuspect: () => {
      observer.note({ kind: 'suspect', peer: link.peer });
      listener.onSuspect();
    },
    onResume: () => {
      observer.note({ kind: 'resume', peer: link.peer });
      listener.onResume();
    },
    onClose: (end) => {
      const { code, error } = end;
      observer.note({ kind: 'lost', peer: link.peer, code, error });
      listener.onClose(end);
    },
  };
}
