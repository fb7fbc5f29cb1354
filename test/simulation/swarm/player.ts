import { join, type CableCarError, type Mesh, type Messenger, type MessengerClose } from 'cablecar';
import type { Prng, SimHost } from '@cablecar/simulator';
import { consume } from './consume.ts';
import type { Victim } from './faults.ts';
import type { Said } from './ledger.ts';
import { MESSAGES, type Stamped } from './messages.ts';
import { isCalm, type Role } from './plan.ts';
import { speak } from './speak.ts';
import type { Stage } from './stage.ts';

/** What an honest program must never see of honest peers on a bad network. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'ERR_FRAME',
  'ERR_FRAME_TOO_LARGE',
  'ERR_FLOW',
  'ERR_PEER_FAULT',
  'ERR_MESSAGE_DECODE',
  'ERR_MESSAGE_UNKNOWN',
  'ERR_LISTENER',
]);

/** A meeting with one peer. */
export interface Talk {
  readonly peer: Messenger<Stamped>;
  readonly said: Said;
  end: MessengerClose | undefined;
}

/** One program of a schedule, life after life. */
export class Player implements Victim {
  readonly host: SimHost;
  readonly role: Role;
  life = 0;
  mesh: Mesh<Stamped> | undefined;
  /** The talks of its present life, by the peer's life; a peer met again has a new one. */
  readonly talks = new Map<number, Talk>();
  readonly #stage: Stage;
  #isBeginning = false;
  #leaving: Promise<void> | undefined;
  #met = 0;
  /** The lives that its process has had: after a goodbye another begins in it. */
  readonly #lives: number[] = [];

  constructor(role: Role, stage: Stage) {
    this.role = role;
    this.#stage = stage;
    this.host = stage.world.host(role.name);
  }

  /** Whether it is there, and has been since its life began. */
  get isHere(): boolean {
    return this.mesh !== undefined;
  }

  /** Begins another life, unless it lives or is about to. */
  begin(): void {
    if (this.mesh !== undefined || this.#isBeginning || this.#stage.isOver) return;
    this.#isBeginning = true;
    const { ledger } = this.#stage;
    const life = (this.life = ledger.beginLife());
    this.#lives.push(life);
    void (this.#leaving ?? Promise.resolve()).then(() => this.#join(life)).catch(this.#stage.fail);
  }

  /** Forgets all it has: it crashes at this moment. */
  crash(): void {
    for (const life of this.#lives.splice(0)) this.#stage.ledger.crashed(life);
    this.#forget();
    this.#leaving = undefined;
  }

  /** Ends in order. */
  leave(): void {
    const { mesh } = this;
    if (mesh === undefined) return;
    this.#stage.ledger.left(this.life);
    this.#forget();
    this.#leaving = mesh.close({ flushTimeoutMs: 500 });
    this.#leaving.catch(this.#stage.fail);
  }

  /** Parts from one peer. */
  endOne(prng: Prng, how: 'close' | 'destroy'): void {
    const talks = [...this.talks.values()].filter(({ end }) => end === undefined);
    const talk = talks[prng.below(talks.length)];
    if (how === 'destroy') talk?.peer.destroy();
    else void talk?.peer.close({ flushTimeoutMs: 300 }).catch(this.#stage.fail);
  }

  async #join(life: number): Promise<void> {
    const { plan } = this.#stage;
    const mesh = await join<typeof MESSAGES>({
      service: 'swarm',
      name: this.role.name,
      metadata: { life },
      transport: this.host.transport,
      messages: MESSAGES,
      ...plan.session,
    });
    if (life !== this.life) return void mesh.close(); // it crashed meanwhile; this is its ghost
    this.#isBeginning = false;
    this.mesh = mesh;
    mesh.on('warning', (error) => this.#warned(error));
    mesh.on('peer', (peer) => this.#meet(peer, life));
  }

  #meet(peer: Messenger<Stamped>, life: number): void {
    const { ledger, plan } = this.#stage;
    const { life: peerLife } = peer.info.metadata as { readonly life: number };
    const before = this.talks.get(peerLife);
    if (before !== undefined && before.end === undefined && !before.peer.closed) {
      return this.#stage.fail(new Error(`${this.role.name} met life ${peerLife} twice`));
    }
    const number = ++this.#met;
    const said = ledger.beginTalk({ from: this.role.name, life, peerLife, number });
    const talk: Talk = { peer, said, end: undefined };
    this.talks.set(peerLife, talk);
    peer.on('close', (end) => {
      talk.end = said.end = end;
      said.dropped = peer.stats.messagesDropped;
      if (end.code === 'fault') this.#stage.fail(end.error);
    });
    peer.on('suspect', () => {
      if (isCalm(plan)) this.#stage.fail(new Error(`${peer.info.name} was suspected of nothing`));
    });
    const { clock } = this.host.transport;
    consume({
      peer,
      style: this.role.style,
      clock,
      heard: ledger.beginHearing(this.role.name, life),
      stage: this.#stage,
    });
    speak({ peer, role: this.role, clock, said, number, stage: this.#stage });
  }

  #warned(error: CableCarError): void {
    if (FORBIDDEN.has(error.code)) this.#stage.fail(error);
  }

  #forget(): void {
    this.#isBeginning = false;
    this.mesh = undefined;
    this.talks.clear();
  }
}
