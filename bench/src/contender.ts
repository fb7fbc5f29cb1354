/** One end of a connection that carries messages of a kind. */
export interface Line<M = never> {
  /** Sends a message with all others of this turn; false asks to wait until {@link roomy} resolves. */
  send(message: M): boolean;
  /** Called after a turn's last message, for those that do not notice themselves. */
  flush?(): void;
  /** Resolves when more may be sent. */
  roomy(): Promise<void>;
  /** Ends, at the latest with the process. */
  close(): void | Promise<void>;
}

/** Called with each message; where it is bytes, they are those from `start` to `end`. */
export type Receive<M = never> = (message: M, start: number, end: number) => void;

/** Takes the connection that was made, and says who is to have its messages. */
export type Accept<M> = (line: Line<M>) => Receive<M>;

/** One way to get messages from one process to another, used as its own documentation advises for speed. */
export interface Contender<M = never> {
  /** What it is, and which options it runs with. */
  readonly about: string;
  /** Whether it holds on to what it was given after `send()`, so that every message has to be a new one. */
  readonly keeps?: boolean;
  /** Waits for one connection on the loopback; answers where. */
  listen(accept: Accept<M>): Promise<number>;
  /** Waits for any number of connections, as one program that has many peers; answers where. */
  serve?(accept: Accept<M>): Promise<number>;
  /** Connects to the answer of one of these. */
  dial(port: number, accept: Accept<M>): Promise<void>;
}
