import { encodeBeacon, serviceHash, type Beacon, type BeaconKind } from '@cablecar/core-protocol';
import type { Self } from '../self.ts';

/** The beacons that a program sends, made anew when it changes how it shows itself. */
export class OwnBeacons {
  readonly serviceHash: string;
  readonly announce: Buffer;
  readonly probe: Buffer;
  readonly goodbye: Buffer;
  readonly #answer: Buffer;
  readonly #shortAnswer: Buffer;

  /** @throws {CableCarError} ERR_OPTION when name and metadata are too large */
  constructor({ id, epoch, service, name, metadata }: Self, port: number) {
    this.serviceHash = serviceHash(service);
    const { serviceHash: hash } = this;
    const encode = (kind: BeaconKind, details: Pick<Beacon, 'name' | 'metadata'>): Buffer =>
      encodeBeacon({ kind, serviceHash: hash, id, epoch, port, ...details });
    const all = { name, metadata };
    const none = { name: undefined, metadata: undefined };
    this.announce = encode('announce', all);
    this.probe = encode('probe', all);
    this.goodbye = encode('goodbye', none);
    this.#answer = encode('answer', all);
    this.#shortAnswer = encode('answer', none);
  }

  /** The answer to a question of so many bytes: never longer, so that nobody can make us amplify what he sends. */
  answerTo(questionBytes: number): Buffer {
    return this.#answer.length <= questionBytes ? this.#answer : this.#shortAnswer;
  }
}
