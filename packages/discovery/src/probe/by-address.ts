import type { Endpoint, Millis, NetworkInterface } from '@cablecar/core-protocol';
import { AskedHosts } from './asked-hosts.ts';
import { Gossip, type Contact, type Telling } from '../gossip/gossip.ts';
import { isNameable } from '../gossip/nameable.ts';
import type { Life } from '../life.ts';
import { Latest } from '../limits/latest.ts';
import { TokenBuckets } from '../limits/token-buckets.ts';
import { isAddress } from './is-address.ts';
import { Probes, type Probe } from './probes.ts';

/** Endpoints that one peer may have us ask. */
const NAMED_BY_PEER = { size: 32, perSecond: 2 };
const MAX_NAMING = 256;
/** Addresses of one name that are asked. */
const MAX_ADDRESSES = 4;
const MAX_NAMES = 128;

/** What is to be sent now to one address each. */
export interface Sendings {
  readonly asks: readonly Probe[];
  /** Those of which only the name is known: to be resolved first. */
  readonly names: readonly Probe[];
  readonly telling: Telling | undefined;
}

/** The roads to one address alone: whom to ask there, and which peers to tell of which others. */
export class ByAddress {
  readonly #groupPort: number;
  readonly #gossip = new Gossip();
  readonly #asked = new AskedHosts();
  readonly #probes: Probes;
  readonly #naming = new TokenBuckets(NAMED_BY_PEER, MAX_NAMING);
  /** What names stand for, as last heard of. */
  readonly #addresses = new Latest<string, readonly string[]>(MAX_NAMES);

  /** Broadcasts are heard on the group port. */
  constructor(groupPort: number) {
    this.#groupPort = groupPort;
    this.#probes = new Probes(groupPort, (endpoint) => this.#isMet(endpoint));
  }

  get due(): Millis | undefined {
    const due = Math.min(this.#probes.due ?? Infinity, this.#gossip.due ?? Infinity);
    return due === Infinity ? undefined : due;
  }

  /** Asks there from now on. */
  seek(probe: Probe, now: Millis): void {
    this.#probes.add(probe, now);
  }

  /** What a name stands for: those of its addresses that are to be asked. */
  resolved({ endpoint, road }: Probe, addresses: readonly string[]): readonly Probe[] {
    const { host, port } = endpoint;
    const hosts = addresses.slice(0, MAX_ADDRESSES);
    this.#addresses.set(host, hosts);
    if (this.#isMet(endpoint)) return [];
    return hosts.map((address) => ({ endpoint: { host: address, port }, road }));
  }

  /** What is to be sent now. */
  take(now: Millis): Sendings {
    const probes = this.#probes.take(now);
    return {
      asks: probes.filter(({ endpoint }) => isAddress(endpoint.host)),
      names: probes.filter(({ endpoint }) => !isAddress(endpoint.host)),
      telling: this.#gossip.take(now),
    };
  }

  /** A question goes to an address: its answer will be believed. */
  asking(host: string, now: Millis): void {
    this.#asked.add(host, now);
  }

  isAsked(host: string, now: Millis): boolean {
    return this.#asked.has(host, now);
  }

  /** There is a link with a peer that hears datagrams there. */
  met(life: Life, contact: Contact, now: Millis): void {
    this.#gossip.met(life, contact, now);
  }

  /** There is none any more: who was far is looked for where it was, for a while. */
  lost(life: Life, now: Millis): void {
    const contact = this.#gossip.contactOf(life);
    this.#gossip.lost(life);
    if (contact?.isAfar) this.seek({ endpoint: contact.endpoint, road: 'remembered' }, now);
    this.#probes.hurry(now);
  }

  /** The network has changed. */
  hurry(now: Millis): void {
    this.#probes.hurry(now);
  }

  /** Whether a peer with a link was heard at that address. */
  isContact(life: Life, host: string): boolean {
    return this.#gossip.contactOf(life)?.endpoint.host === host;
  }

  /** A peer named others: those that may be asked are, as many as one peer may name. */
  learn(
    named: readonly Endpoint[],
    by: string,
    interfaces: readonly NetworkInterface[],
    now: Millis,
  ): void {
    for (const endpoint of named) {
      if (this.#isMet(endpoint) || !isNameable(endpoint, by, interfaces)) continue;
      if (this.#naming.take(by, now)) this.seek({ endpoint, road: 'gossip' }, now);
    }
  }

  clear(): void {
    this.#probes.clear();
    this.#gossip.clear();
  }

  #isMet({ host, port }: Endpoint): boolean {
    const hosts = this.#addresses.get(host) ?? [host];
    return this.#gossip.isMet(
      (met) => hosts.includes(met.host) && (port === this.#groupPort || port === met.port),
    );
  }
}
