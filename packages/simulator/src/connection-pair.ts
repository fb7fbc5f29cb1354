import type { Endpoint } from '@cablecar/core-protocol';
import type { Network } from './network.ts';
import type { OpenConnection, Told } from './open-connection.ts';
import { Pipe } from './pipe.ts';
import type { Process } from './process.ts';
import { SimConnection } from './sim-connection.ts';

/** What a connection is made from. */
export interface ConnectionPairOptions {
  readonly network: Network;
  readonly id: string;
  readonly dialler: Process;
  readonly acceptor: Process;
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Called when the dialler learns that the other end has accepted. */
  readonly onOpened: () => void;
}

/** Both ends of a connection and the two pipes between them. */
export class ConnectionPair implements OpenConnection {
  readonly id: string;
  readonly dialler: string;
  readonly acceptor: string;
  readonly diallingEnd: SimConnection;
  readonly acceptingEnd: SimConnection;
  readonly #network: Network;
  readonly #forth: Pipe;
  readonly #back: Pipe;

  constructor({ network, id, dialler, acceptor, from, to, onOpened }: ConnectionPairOptions) {
    this.id = id;
    this.dialler = dialler.id;
    this.acceptor = acceptor.id;
    this.#network = network;
    const onGone = (): void => this.#checkOut();
    const near = { network, id, process: dialler, local: from, remote: to, onOpened, onGone };
    const far = { network, id, process: acceptor, local: to, remote: from, onGone };
    const source = (this.diallingEnd = new SimConnection(near));
    const target = (this.acceptingEnd = new SimConnection(far));
    this.#forth = new Pipe({ network, name: `${id} forth`, source, target });
    this.#back = new Pipe({ network, name: `${id} back`, source: target, target: source });
    this.#forth.back = this.#back;
    this.#back.back = this.#forth;
    source.lay(this.#forth, this.#back);
    target.lay(this.#back, this.#forth);
    network.connections.add(this);
    this.#back.open();
  }

  get waitingBytes(): readonly [toAcceptor: number, toDialler: number] {
    return [this.#forth.waitingBytes, this.#back.waitingBytes];
  }

  cut(told: Told): void {
    const { engine } = this.#network;
    this.#forth.flight.severed = this.#back.flight.severed = true;
    for (const [role, end] of [
      ['dialler', this.diallingEnd],
      ['acceptor', this.acceptingEnd],
    ] as const) {
      if (told !== 'both' && told !== role) continue;
      const { process } = end;
      const delay = this.#network.delay(process.kernel, undefined, process.chance);
      engine.schedule(engine.now + delay, () => end.onBroken('it was cut'));
    }
  }

  #checkOut(): void {
    const ends = [this.diallingEnd, this.acceptingEnd];
    if (ends.every(({ presence }) => presence !== 'here')) this.#network.connections.delete(this);
  }
}
