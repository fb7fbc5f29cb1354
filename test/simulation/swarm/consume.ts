import { CableCarError, GameLoopAdapter, type Messenger, type Transport } from 'cablecar';
import type { Heard } from './ledger.ts';
import type { Stamped } from './messages.ts';
import type { Style } from './plan.ts';
import type { Stage } from './stage.ts';

const FRAME_MS = 16;
const SLOW_MS = 5;

/** How messages of a peer are read, and where they go. */
export interface Consumption {
  readonly peer: Messenger<Stamped>;
  readonly style: Style;
  readonly clock: Transport['clock'];
  readonly heard: Heard;
  readonly stage: Stage;
}

/** Reads a peer to its end in one of the styles. */
export function consume({ peer, style, clock, heard, stage }: Consumption): void {
  const hear = (message: Stamped): void => {
    try {
      stage.ledger.hear(heard, message);
    } catch (violation) {
      stage.fail(violation);
    }
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => void clock.setTimer(SLOW_MS, resolve));
  const loop = async (): Promise<void> => {
    switch (style) {
      case 'listener':
        peer.on('message', hear);
        return;
      case 'for await':
        for await (const message of peer) hear(message);
        return;
      case 'batches':
        for await (const batch of peer.batches()) batch.forEach(hear);
        return;
      case 'slow':
        for await (const message of peer) {
          hear(message);
          await pause();
        }
        return;
      case 'game loop':
        return runFrames(new GameLoopAdapter(peer), clock, hear);
    }
  };
  // A stream throws where the peer was lost; the ledger knows whether that was right.
  loop().catch((thrown: unknown) => {
    if (!CableCarError.is(thrown) || thrown.origin === 'local') stage.fail(thrown);
  });
}

function runFrames(
  line: GameLoopAdapter<Stamped>,
  clock: Transport['clock'],
  hear: (message: Stamped) => void,
): void {
  const goesOn = line.xfer({ maxMessages: 7 });
  for (let message; (message = line.get()) !== null;) hear(message);
  if (goesOn) clock.setTimer(FRAME_MS, () => runFrames(line, clock, hear));
}
