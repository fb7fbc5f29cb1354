import type { Message } from '@cablecar/core-protocol';
import type { Messenger } from '@cablecar/messenger';
import type { PeerSource } from './peer-source.ts';

/** The peers of a mesh as they come, those that are there first. Holds no more than the peers not yet looked at. */
export class PeerStream<M extends Message> implements AsyncIterableIterator<Messenger<M>> {
  readonly #mesh: PeerSource<M>;
  #queue: Messenger<M>[];
  #waiting: ((result: IteratorResult<Messenger<M>, undefined>) => void)[] = [];
  #finished: boolean;

  constructor(mesh: PeerSource<M>) {
    this.#mesh = mesh;
    this.#queue = [...mesh.peers.values()];
    this.#finished = mesh.closed;
    if (this.#finished) return;
    mesh.on('peer', this.#onPeer);
    mesh.on('peer:lost', this.#onLost);
    mesh.on('close', this.#finish);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Messenger<M>, undefined>> {
    const peer = this.#queue.shift();
    if (peer !== undefined) return Promise.resolve({ done: false, value: peer });
    if (this.#finished) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<Messenger<M>, undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  readonly #onPeer = (peer: Messenger<M>): void => {
    const waiting = this.#waiting.shift();
    if (waiting) waiting({ done: false, value: peer });
    else this.#queue.push(peer);
  };

  // A peer that went before anybody looked is not worth looking at.
  readonly #onLost = (peer: Messenger<M>): void => {
    this.#queue = this.#queue.filter((other) => other !== peer);
  };

  readonly #finish = (): void => {
    this.#finished = true;
    this.#mesh.off('peer', this.#onPeer);
    this.#mesh.off('peer:lost', this.#onLost);
    this.#mesh.off('close', this.#finish);
    for (const resolve of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
  };
}
