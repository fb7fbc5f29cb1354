import { CableCarError, type Messenger, type Transport } from 'cablecar';
import { Large, Place, Small, Spark, Text, type Stamped } from './messages.ts';
import type { Said } from './ledger.ts';
import type { Kind, Role } from './plan.ts';
import type { Stage } from './stage.ts';

/** What a program says to a peer. */
export interface Speech {
  readonly peer: Messenger<Stamped>;
  readonly role: Role;
  readonly clock: Transport['clock'];
  readonly said: Said;
  /** The how-manieth peer it is. */
  readonly number: number;
  readonly stage: Stage;
}

/** Sends a role's bursts, one after the other, for as long as the peer is there. */
export function speak(speech: Speech, burst = 0): void {
  const { peer, role, clock, stage } = speech;
  if (peer.closed) return;
  let isBelow = true;
  try {
    for (let count = 0; count < role.burst; count++) {
      isBelow = say(speech, role.kinds[stage.prng.below(role.kinds.length)] as Kind);
    }
  } catch (thrown) {
    if (CableCarError.is(thrown, 'ERR_CLOSED')) return;
    stage.fail(thrown);
  }
  if (burst + 1 >= role.bursts) return;
  const next = (): void => speak(speech, burst + 1);
  // Some wait to be told that they may go on, others do not care.
  if (!isBelow && stage.prng.float() < 0.5) peer.once('drain', next);
  else clock.setTimer(stage.prng.magnitude([1, 600]), next);
}

/** Whether a role has said all that it has to say to a peer. */
export function hasSpoken(role: Role, said: Said): boolean {
  return said.total >= role.bursts * role.burst;
}

/** Sends one message; whether the peer keeps up. */
function say({ peer, said, number: talk, stage: { prng } }: Speech, kind: Kind): boolean {
  const { life } = said;
  let isBelow: boolean;
  switch (kind) {
    case 'small':
      isBelow = peer.send(new Small({ life, talk, number: said.reliable }));
      said.reliable++;
      break;
    case 'text': {
      const text = 'x'.repeat(prng.magnitude([1, 300]));
      isBelow = peer.send(new Text({ life, talk, number: said.reliable, text }));
      said.reliable++;
      break;
    }
    case 'large': {
      // Few are large: a part is 65,536 bytes.
      const size = prng.float() < 0.03 ? 60_000 + prng.below(80_000) : prng.magnitude([1, 600]);
      isBelow = peer.send(
        new Large({ life, talk, number: said.reliable, bytes: new Uint8Array(size) }),
      );
      said.reliable++;
      break;
    }
    case 'latest': {
      const ship = prng.below(3);
      const number = (said.places.get(ship) ?? -1) + 1;
      isBelow = peer.send(new Place({ life, talk, number, ship }), {
        delivery: 'latest',
        key: ship,
      });
      said.places.set(ship, number);
      break;
    }
    case 'volatile':
      isBelow = peer.send(new Spark({ life, talk, number: said.sparks }), { delivery: 'volatile' });
      said.sparks++;
      break;
    case 'expiring':
      isBelow = peer.send(new Spark({ life, talk, number: said.sparks }), { expiresInMs: 200 });
      said.sparks++;
      break;
  }
  said.total++;
  return isBelow;
}
