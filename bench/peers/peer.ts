/** One way to get messages from one process to another, to be measured. */
export interface BenchPeer {
  /** Listens, tells its port, and resolves when `count` messages have come; `onMessage` gets each one's number. */
  receive(
    count: number,
    onPort: (port: number) => void,
    onMessage: (sequence: number) => void,
  ): Promise<void>;
  /** Sends `count` messages as fast as the other end takes them, and resolves when all have gone. */
  send(count: number, port: number): Promise<void>;
}

/** Messages sent before the event loop gets a turn: a burst, as a busy program would send it. */
export const BURST = 512;
