import {
  decodeRejection,
  FRAME,
  FrameDecoder,
  type Connection,
  type PeerId,
  type Rejection,
} from '@cablecar/core-protocol';
import { simIdentity, type SimHost, type World } from '@cablecar/simulator';
import type { TestPeer } from './test-peer.ts';

const ID: PeerId = 'e'.repeat(32);

/** A bare connection to a program, with what came back on it. */
export class Visitor {
  readonly connection: Connection;
  received: Buffer = Buffer.alloc(0);
  /** Whether the program has closed it. */
  isClosed = false;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.attach({
      onChunk: (bytes) => (this.received = Buffer.concat([this.received, bytes])),
      onDrain: () => {},
      onEnd: () => (this.isClosed = true),
      onClose: () => (this.isClosed = true),
    });
  }

  /** Dials a program of the world, as the holder of an id. */
  static async to(world: World, from: SimHost, peer: TestPeer, id: PeerId = ID): Promise<Visitor> {
    const port = peer.connector.tcpPort as number;
    const connection = await world.runUntil(from.transport.dial({ host: peer.host, port }));
    return new Visitor(simIdentity(id).secure(connection, 'dialler'));
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.connection.write([bytes]);
  }

  /** The REJECT that came, if one did. */
  rejection(): Rejection | undefined {
    const decoder = new FrameDecoder(4096);
    decoder.push(this.received);
    if (!decoder.next() || decoder.type !== FRAME.REJECT) return undefined;
    return decodeRejection(decoder.bytes.subarray(decoder.start, decoder.end));
  }
}
