import type { CableCarError, Link, Transport } from '@cablecar/core-protocol';
import {
  BroadcastConnector,
  type ConnectorOptions,
  type LostLink,
  type Sighting,
} from '@cablecar/discovery';
import { chosenIdentity } from './chosen-identity.ts';

/** A connector under test, with everything that it told. */
export class TestPeer {
  readonly connector: BroadcastConnector;
  readonly peers: Link[] = [];
  readonly lost: LostLink[] = [];
  readonly updates: Link[] = [];
  readonly sighted: Sighting[] = [];
  readonly warnings: CableCarError[] = [];
  closes = 0;
  /** Its host's address, where that is known. */
  readonly host: string;

  constructor(transport: Transport, options: ConnectorOptions = {}, host = '') {
    this.host = host;
    this.connector = new BroadcastConnector({ name: 'test', transport, ...options });
    this.connector.on('peer', (link) => this.peers.push(link));
    this.connector.on('peer:lost', (lost) => this.lost.push(lost));
    this.connector.on('peer:update', (link) => this.updates.push(link));
    this.connector.on('sighted', (sighting) => this.sighted.push(sighting));
    this.connector.on('warning', (error) => this.warnings.push(error));
    this.connector.on('close', () => this.closes++);
  }

  /** One whose id is this number's, so that it is known which of two is larger. */
  static withId(
    transport: Transport,
    id: number | { readonly id: number; readonly epoch: number },
    options: ConnectorOptions = {},
  ): TestPeer {
    const identity = typeof id === 'number' ? { id } : id;
    return new TestPeer(chosenIdentity(transport, identity), options);
  }

  get codes(): string[] {
    return this.warnings.map(({ code }) => code);
  }

  destroyLinks(): void {
    for (const link of this.connector.links.values()) link.destroy();
  }
}
