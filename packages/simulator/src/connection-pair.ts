import type { ConnectionSettings, Endpoint } from '@cablecar/core-protocol';
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
  /** How the dialler's end is kept, and how the acceptor's. */
  readonly settings: readonly [dialler: ConnectionSettings, acceptor: ConnectionSettings];
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

  constructor(options: ConnectionPairOptions) {
    const { network, id, dialler, acceptor, from, to, onOpened } = options;
    const [dialled, accepted] = options.settings;
    const shown = {};
    const onGone = (): void => this.#checkOut();
    this.id = id;
    this.dialler = dialler.id;
    this.acceptor = acceptor.id;
    this.#network = network;
    const source = (this.diallingEnd = new SimConnection({
      network,
      id,
      process: dialler,
      local: from,
      remote: to,
      settings: dialled,
      shown,
      onOpened,
      onGone,
    }));
    const target = (this.acceptingEnd = new SimConnection({
      network,
      id,
      process: acceptor,
      local: to,
      remote: from,
      settings: accepted,
      shown,
      onOpened: undefined,
      onGone,
    }));
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
    this.#network.tellAll(`${this.id} is cut, told: ${told}`);
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
