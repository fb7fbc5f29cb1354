import type { Beacon, Endpoint } from '@cablecar/core-protocol';
import type { HostEvidence } from './evidence.ts';
import type { DialOutcome, Received, Word } from './word.ts';

/** What is known of another machine, at one of its addresses, while the doctor looks. */
export class HostRecord {
  readonly address: string;
  readonly asked: boolean;
  /** Where its doctor's datagrams come from. */
  endpoint: Endpoint | undefined;
  /** When the last of them came. */
  heardAtMs = 0;
  /** The TCP port to dial, as far as it announced one. */
  port: number | undefined;
  isDialled = false;
  dial: DialOutcome | undefined;
  broadcast = false;
  multicast = false;
  unicast = false;
  tcp = false;
  onLink: boolean | undefined;
  hasSameSecret: boolean | undefined;
  #id: string | undefined;
  #name: string | undefined;
  #word: Word | undefined;
  #wordAtMs = 0;

  constructor(address: string, asked: boolean) {
    this.address = address;
    this.asked = asked;
  }

  /** A beacon came from there. */
  came({ kind, road }: Beacon): void {
    if (kind !== 'answer' && road === 'broadcast') this.broadcast = true;
    else if (kind !== 'answer' && road === 'multicast') this.multicast = true;
    else this.unicast = true;
  }

  get isHeard(): boolean {
    return this.broadcast || this.multicast || this.unicast;
  }

  /** Whose doctor it is. Another one than before knows nothing of what was; nor is anything known of it. */
  isOf(id: string, name: string): void {
    if (this.#id !== undefined && this.#id !== id) {
      this.broadcast = this.multicast = this.unicast = this.tcp = this.isDialled = false;
      this.dial = this.#word = undefined;
    }
    this.#id = id;
    this.#name = name;
  }

  /** What its doctor says. What it says to everybody does not take back what it said to this one. */
  says(word: Word, nowMs: number): void {
    this.#word = { ...word, received: word.received ?? this.#word?.received };
    this.#wordAtMs = nowMs;
  }

  /** What there is to tell its doctor. */
  get received(): Received {
    const { broadcast, multicast, unicast, tcp, dial } = this;
    return { broadcast, multicast, unicast, tcp, dial };
  }

  get evidence(): HostEvidence {
    const { address, asked, onLink, hasSameSecret } = this;
    const said = { name: this.#name, word: this.#word, wordAtMs: this.#wordAtMs };
    return { address, asked, ...this.received, onLink, hasSameSecret, ...said };
  }
}
