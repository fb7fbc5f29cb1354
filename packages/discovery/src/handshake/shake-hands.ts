import type { Connection, Greeting } from '@cablecar/core-protocol';
import { greetingOf } from '../self.ts';
import { Meeting, type MeetingPlace } from './meeting.ts';

/** A meeting whose handshake is complete. */
export interface Met {
  readonly meeting: Meeting;
  readonly greeting: Greeting;
  readonly rest: Uint8Array;
}

/**
 * Shakes hands on a connection that was dialled to one known place, where nothing is to be decided: HELLO, and READY
 * as soon as a WELCOME comes. Rejects with what went wrong; the connection is gone then, and so when the signal aborts.
 */
export function shakeHands(
  connection: Connection,
  place: MeetingPlace,
  signal: AbortSignal,
): Promise<Met> {
  return new Promise((resolve, reject) => {
    const end = { role: 'dialler', expected: undefined } as const;
    const meeting = new Meeting(connection, end, place, (event) => {
      switch (event.kind) {
        case 'ready':
          return meeting.handshake.greet(greetingOf(place.self(), { round: 0, link: 0 }));
        case 'greeted':
          meeting.greeting = event.greeting;
          return meeting.handshake.confirm();
        case 'linked':
          signal.removeEventListener('abort', giveUp);
          return resolve({ meeting, greeting: meeting.greeting as Greeting, rest: event.rest });
        case 'failed':
          return reject(event.error);
        case 'over':
          signal.removeEventListener('abort', giveUp);
          return reject(signal.reason); // changes nothing where it had failed
        default:
          return event satisfies never;
      }
    });
    const giveUp = (): void => meeting.handshake.refuse('ERR_REFUSED');
    signal.addEventListener('abort', giveUp, { once: true });
    meeting.handshake.begin();
  });
}
