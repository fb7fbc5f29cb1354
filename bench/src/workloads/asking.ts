import type { Accept, Line } from '../contender.ts';
import type { End } from '../workload.ts';

/** The end that answers each message with one of the same number. */
export function answering({ contender, payload }: End): Accept<never> {
  return (line) => (message, start) =>
    sendOne(line, payload.make(payload.sequenceOf(message, start), contender.keeps ?? false));
}

/** Dials, says one thing, and gives the line once that is answered. */
export function askOnce(
  { contender, payload }: End,
  port: number,
  sequence: number,
): Promise<Line> {
  return new Promise((resolve, reject) => {
    const dialled = contender.dial(port, (line) => {
      setImmediate(() => sendOne(line, payload.make(sequence, contender.keeps ?? false)));
      return () => resolve(line);
    });
    dialled.catch(reject);
  });
}

/** Sends a message that has a turn to itself. */
export function sendOne(line: Line, message: never): void {
  line.send(message);
  line.flush?.();
}
