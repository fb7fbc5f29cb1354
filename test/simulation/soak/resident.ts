import { getEventListeners } from 'node:events';
import { CableCarError, join, jsonMessage, type JoinOptions, type Mesh } from 'cablecar';

class Word extends jsonMessage('Word')<{ number: number }> {}

/** What residents share. */
export interface Residence {
  /** How residents join, but for their transport. */
  readonly options: Omit<JoinOptions, 'messages'>;
  /** Something went wrong that must not. */
  readonly fail: (thrown: unknown) => void;
}

/** A program that comes, talks and goes, again and again. */
export class Resident {
  readonly name: string;
  readonly #residence: Residence;
  readonly #transport: () => NonNullable<JoinOptions['transport']>;
  #mesh: Mesh<Word> | undefined;
  #leaving: Promise<void> = Promise.resolve();
  /** Of all that waits; never aborted, so that it is seen who does not take his listener off. */
  #signal = new AbortController().signal;
  #isBeginning = false;
  #life = 0;
  #said = 0;
  #heard = 0;

  /** `transport` is that of its present life. */
  constructor(
    name: string,
    residence: Residence,
    transport: () => NonNullable<JoinOptions['transport']>,
  ) {
    this.name = name;
    this.#residence = residence;
    this.#transport = transport;
  }

  /** Messages that it has heard, in all its lives. */
  get heard(): number {
    return this.#heard;
  }

  /** Joins, unless it has or is about to. */
  begin(): void {
    if (this.#mesh !== undefined || this.#isBeginning) return;
    this.#isBeginning = true;
    const life = ++this.#life;
    void this.#leaving.then(() => this.#join(life)).catch(this.#residence.fail);
  }

  /** Closes its mesh; another may begin when it is closed. */
  leave(): void {
    if (this.#mesh === undefined) return;
    this.#leaving = this.#mesh.close({ flushTimeoutMs: 500 });
    this.#forget();
  }

  /** Forgets all it has: its process is gone. */
  crash(): void {
    this.#forget();
    this.#leaving = Promise.resolve();
    this.#signal = new AbortController().signal;
  }

  /** Says something to everybody. */
  say(): void {
    this.#mesh?.broadcast(new Word({ number: this.#said++ }));
  }

  /** What is not yet as it is when all is quiet; undefined when it is. */
  complaint(others: number): string | undefined {
    const mesh = this.#mesh;
    if (mesh === undefined) return `${this.name} is not there`;
    if (mesh.peers.size !== others) return `${this.name} has ${mesh.peers.size} peers`;
    for (const { info, stats } of mesh.peers.values()) {
      if (stats.messagesPending > 0) return `${this.name} has news for ${info.name}`;
    }
    return undefined;
  }

  /** How many listen to what it has, and to what it waits for. */
  get listeners(): number {
    const mesh = this.#mesh;
    const waiting = getEventListeners(this.#signal, 'abort').length;
    if (mesh === undefined) return waiting;
    const emitters = [mesh, ...mesh.peers.values()] as unknown as readonly Counted[];
    return emitters.reduce((sum, it) => sum + listenersOf(it), waiting);
  }

  async #join(life: number): Promise<void> {
    const { options } = this.#residence;
    const signal = this.#signal;
    const mesh = await join({
      ...options,
      name: this.name,
      messages: [Word],
      transport: this.#transport(),
    });
    if (life !== this.#life) return mesh.close();
    this.#isBeginning = false;
    this.#mesh = mesh;
    this.#listen(mesh).catch(this.#residence.fail);
    // Whoever closes before anybody came has nobody to wait for.
    mesh.firstPeer({ signal }).then(
      () => this.say(),
      (thrown: unknown) => {
        if (!CableCarError.is(thrown, 'ERR_CLOSED')) this.#residence.fail(thrown);
      },
    );
  }

  #forget(): void {
    this.#mesh = undefined;
    this.#isBeginning = false;
    this.#life++;
  }

  async #listen(mesh: Mesh<Word>): Promise<void> {
    for await (const { message } of mesh.messages({ signal: this.#signal })) {
      if (message.number >= 0) this.#heard++;
    }
  }
}

/** As much of an emitter as it takes to count who listens to it. */
interface Counted {
  eventNames(): readonly PropertyKey[];
  listenerCount(name: PropertyKey): number;
}

function listenersOf(emitter: Counted): number {
  return emitter.eventNames().reduce<number>((sum, name) => sum + emitter.listenerCount(name), 0);
}
