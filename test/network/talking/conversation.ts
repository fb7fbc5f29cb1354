import { randomInt } from 'node:crypto';
import type { Messenger, MessengerClose } from 'cablecar';
import { HeardTally, type Heard } from './heard-tally.ts';
import { monotonicMs } from './monotonic.ts';
import { numbered, type Numbered } from './numbered.ts';

/** How much is said to each peer, and how fast. */
export interface Talk {
  /** Messages to each peer, to those that come later as well. */
  readonly messages: number;
  /** Messages a second to each; without it as fast as the peer takes them. */
  readonly perSecond?: number;
  readonly bodyBytes?: number;
}

/** What a talker does wrong on purpose, to see whether the tally sees it. */
export type Plant = 'loss' | 'double' | 'reorder' | 'damage';

/** What one end knows of one life of a conversation. */
export interface ConversationReport {
  readonly peerId: string;
  readonly peerName: string;
  /** Says which messages are of this life. */
  readonly life: number;
  readonly sent: number;
  /** Messages that the peer has not confirmed. */
  readonly pending: number;
  readonly isDone: boolean;
  readonly end: { readonly code: string; readonly undelivered: number } | undefined;
  readonly heard: readonly Heard[];
}

const PLANTED_AT = 10;
const SILENCE: Talk = { messages: 0 };

/** What is said to and heard from one peer, from the meeting to the close. */
export class Conversation {
  readonly peer: Messenger<Numbered>;
  readonly life: number = randomInt(2 ** 32);
  readonly #plant: Plant | undefined;
  readonly #heard = new Map<number, HeardTally>();
  #talk = SILENCE;
  #beganMs = 0;
  #sent = 0;
  #mayGo = true;
  #end: MessengerClose | undefined;

  constructor(peer: Messenger<Numbered>, plant: Plant | undefined) {
    this.peer = peer;
    this.#plant = plant;
    peer.on('message', (message) => this.#hear(message));
    peer.on('drain', () => {
      this.#mayGo = true;
      this.speak();
    });
    peer.on('close', (end) => (this.#end = end));
  }

  /** Begins to talk. */
  begin(talk: Talk): void {
    this.#talk = talk;
    this.#beganMs = monotonicMs();
    this.speak();
  }

  /** Says what is due and what the peer can take. */
  speak(): void {
    const due = this.#due();
    while (this.#mayGo && this.#sent < due && this.#end === undefined && !this.peer.closed) {
      this.#mayGo = this.#say(this.#sent++);
    }
  }

  report(): ConversationReport {
    const { id, name } = this.peer.info;
    return {
      peerId: id,
      peerName: name,
      life: this.life,
      sent: this.#sent,
      pending: this.peer.stats.messagesPending,
      isDone: this.#sent >= this.#talk.messages,
      end: this.#end && { code: this.#end.code, undelivered: this.#end.undelivered },
      heard: [...this.#heard].map(([life, tally]) => tally.result(life)),
    };
  }

  #due(): number {
    const { messages, perSecond = Infinity } = this.#talk;
    const elapsedMs = monotonicMs() - this.#beganMs;
    return perSecond === Infinity ? messages : Math.min(messages, (elapsedMs / 1000) * perSecond);
  }

  #say(n: number): boolean {
    const { bodyBytes = 32 } = this.#talk;
    const number = this.#plant === 'reorder' && n >> 1 === PLANTED_AT >> 1 ? n ^ 1 : n;
    const message = numbered(this.life, number, bodyBytes);
    if (n === PLANTED_AT && this.#plant === 'loss') return true;
    if (n === PLANTED_AT && this.#plant === 'double') this.peer.send(message);
    if (n === PLANTED_AT && this.#plant === 'damage') message.sum = (message.sum ^ 1) >>> 0;
    return this.peer.send(message);
  }

  #hear(message: Numbered): void {
    let tally = this.#heard.get(message.life);
    if (tally === undefined) this.#heard.set(message.life, (tally = new HeardTally()));
    tally.hear(message.n, message.isWhole);
  }
}
