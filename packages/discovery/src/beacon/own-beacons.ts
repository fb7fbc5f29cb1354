import {
  encodeAcquaintances,
  encodeBeacon,
  serviceHash,
  type BeaconKind,
  type BeaconRoad,
  type Endpoint,
} from '@cablecar/core-protocol';
import type { Self } from '../self.ts';

/** The beacons that a program sends while it shows itself in one way. */
export class OwnBeacons {
  readonly serviceHash: string;
  readonly #self: Self;
  readonly #port: number;

  /** @throws {CableCarError} ERR_OPTION when name and metadata are too large */
  constructor(self: Self, port: number) {
    this.serviceHash = serviceHash(self.service);
    this.#self = self;
    this.#port = port;
    this.whole('announce', 'broadcast');
  }

  /** With all that the program shows of itself. */
  whole(kind: BeaconKind, road: BeaconRoad): Buffer {
    const { name, metadata } = this.#self;
    return this.#encode(kind, road, { name, metadata });
  }

  /** Without name and metadata. */
  short(kind: BeaconKind, road: BeaconRoad): Buffer {
    return this.#encode(kind, road, { name: undefined, metadata: undefined });
  }

  /** The answer to a question of so many bytes: never longer, so that nobody can make us amplify what he sends. */
  answerTo(questionBytes: number, road: BeaconRoad): Buffer {
    const answer = this.whole('answer', road);
    return answer.length <= questionBytes ? answer : this.short('answer', road);
  }

  /** Tells a peer of others. */
  acquaintances(endpoints: readonly Endpoint[]): Buffer {
    const { id, epoch } = this.#self;
    return encodeAcquaintances({ serviceHash: this.serviceHash, id, epoch, endpoints });
  }

  #encode(
    kind: BeaconKind,
    road: BeaconRoad,
    shown: Pick<Self, 'name' | 'metadata'> | { name: undefined; metadata: undefined },
  ): Buffer {
    const { id, epoch } = this.#self;
    const { serviceHash: hash } = this;
    return encodeBeacon({ kind, road, serviceHash: hash, id, epoch, port: this.#port, ...shown });
  }
}
