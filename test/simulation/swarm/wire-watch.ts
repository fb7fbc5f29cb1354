import { FRAME, FrameDecoder, readAck, readOpen, type OpenFrame } from '@cablecar/core-protocol';
import type { World, WorldEvent } from '@cablecar/simulator';
import { Violation } from './ledger.ts';

const MAX_FRAME_BYTES = 200_000;

/** What one end of a connection has sent, as far as it has arrived. */
interface Direction {
  readonly frames: FrameDecoder;
  open: OpenFrame | undefined;
  /** Message frames since OPEN. */
  sent: number;
  /** The most that it said it had received, and how many message frames it said may come. */
  received: number;
  granted: number;
  isClosed: boolean;
}

/**
 * Reads along what arrives on every connection, and holds it against the rules that no end of a session may break,
 * whatever another guard further up would have caught.
 * @see docs/protocol.md §6
 */
export class WireWatch {
  readonly #directions = new Map<string, Map<string, Direction>>();
  /** Which end closed a connection first. */
  readonly #closedBy = new Map<string, string>();
  readonly #fail: (thrown: unknown) => void;
  readonly #end: () => void;

  constructor(world: World, fail: (thrown: unknown) => void) {
    this.#fail = fail;
    const observe = (event: WorldEvent): void => {
      if (event.kind === 'chunk') this.#read(event);
      else if (event.connection !== undefined) this.#closed(event.connection, event.where);
    };
    this.#end = world.observe(observe, ['chunk', 'close']);
  }

  /** Stops watching. */
  end(): void {
    this.#end();
  }

  /** What the other end had been sent still comes; nothing after that end has closed as well. */
  #closed(connection: string, where: string): void {
    const before = this.#closedBy.get(connection);
    if (before === undefined) this.#closedBy.set(connection, where);
    else if (before !== where) this.#directions.delete(connection);
  }

  #read({ connection = '', where, bytes }: WorldEvent): void {
    if (bytes === undefined) return;
    const ends = this.#directions.get(connection) ?? new Map<string, Direction>();
    this.#directions.set(connection, ends);
    const direction = ends.get(where) ?? newDirection();
    ends.set(where, direction);
    const { frames } = direction;
    frames.push(bytes);
    while (frames.next()) {
      const wrong = judge(direction, otherThan(ends, where));
      if (wrong !== undefined)
        this.#fail(new Violation(`${where} was sent ${wrong} on ${connection}`));
    }
    if (frames.error) this.#fail(frames.error);
  }
}

/** What is wrong with the frame that has come; `back` is what the reader has sent. */
function judge(direction: Direction, back: Direction | undefined): string | undefined {
  const { type, bytes, start, end } = direction.frames;
  if (type < FRAME.OPEN) return direction.open && `a frame of the handshake (${type}) in a session`;
  if (direction.isClosed) return `a frame of type ${type} after CLOSE`;
  if (type === FRAME.OPEN) {
    if (direction.open !== undefined) return 'a second OPEN';
    direction.open = readOpen(bytes, start, end);
    return direction.open === undefined
      ? 'a malformed OPEN'
      : told(direction, direction.open, back);
  }
  if (type === FRAME.CLOSE) {
    direction.isClosed = true;
    return undefined;
  }
  if (direction.open === undefined) return `a frame of type ${type} before OPEN`;
  if (type === FRAME.ACK) {
    const ack = readAck(bytes, start, end);
    return ack === undefined ? 'a malformed ACK' : told(direction, ack, back);
  }
  if (type === FRAME.PING || type === FRAME.PONG) return undefined;
  direction.sent++;
  // Its first message frame is the one after the last that the reader said it had; so the reader's OPEN has arrived.
  if (back?.open === undefined) return 'a message before it could know where to begin';
  const number = back.open.received + direction.sent;
  if (number > back.granted) return `message frame ${number}, with credit for ${back.granted}`;
  return undefined;
}

/** Takes in what an end says it has received and grants. */
function told(
  direction: Direction,
  { received, grantedMessages }: Pick<OpenFrame, 'received' | 'grantedMessages'>,
  back: Direction | undefined,
): string | undefined {
  const { received: before } = direction;
  direction.received = received;
  direction.granted = Math.max(direction.granted, grantedMessages);
  if (received < before) return `an ACK of ${received} after one of ${before}`;
  if (back?.open === undefined || direction.open === undefined) return undefined;
  const most = direction.open.received + back.sent;
  return received > most ? `an ACK of ${received}, where ${most} had arrived` : undefined;
}

function newDirection(): Direction {
  return {
    frames: new FrameDecoder(MAX_FRAME_BYTES),
    ...{ open: undefined, sent: 0, received: 0, granted: 0, isClosed: false },
  };
}

function otherThan(ends: Map<string, Direction>, where: string): Direction | undefined {
  for (const [end, direction] of ends) if (end !== where) return direction;
  return undefined;
}
