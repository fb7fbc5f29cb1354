import type { Millis } from '@cablecar/core-protocol';
import { Digest } from './digest.ts';
import type { Engine } from './engine.ts';
import { Rank, type ScheduledEvent, type TimerOwner } from './event-queue.ts';
import type { Nic } from './lan.ts';
import type { FirewallOptions, NetworkOptions, ResolvedNetworkOptions } from './options.ts';
import { PortTable, type UdpBinding } from './port-table.ts';

/** The operating system of one host: what it has, whether it runs, and what waits while its programs cannot. */
export class Kernel {
  readonly name: string;
  readonly engine: Engine;
  readonly nics: Nic[] = [{ name: 'lo', lan: undefined, address: '127.0.0.1', up: true }];
  readonly udp: PortTable<UdpBinding> = new PortTable<UdpBinding>();
  /** Whoever has to know that the interfaces changed. */
  readonly nicWatchers: Set<() => void> = new Set();
  /** Its programs, for the timers that sleep moves. */
  readonly owners: Set<TimerOwner> = new Set();
  /** What happened to the system itself, to tell states of the world apart. */
  readonly trace: Digest = new Digest();
  /** What its programs keep across their lives. */
  readonly files: Map<string, string> = new Map();
  firewall: Required<FirewallOptions> = { dials: 'accept', datagrams: 'accept' };
  /** In what the network behaves differently for this host, and all of its options then. */
  networkChanges: NetworkOptions | undefined;
  network: ResolvedNetworkOptions | undefined;
  /** False while the power is off. */
  powered = true;
  asleep = false;
  /** How far the time of day was set forward. */
  wallJumpMs: Millis = 0;
  /** How long the monotonic clock stood still. */
  lagMs: Millis = 0;
  #stallEnd: ScheduledEvent | undefined;
  #putOff: (() => void)[] = [];

  constructor(name: string, engine: Engine) {
    this.name = name;
    this.engine = engine;
  }

  /** Whether its programs cannot run at present. */
  get stalled(): boolean {
    return this.#stallEnd !== undefined;
  }

  /** Whether anything sent to it can arrive. */
  get reachable(): boolean {
    return this.powered && !this.asleep;
  }

  nicOf(address: string): Nic | undefined {
    return this.nics.find((nic) => nic.address === address && nic.up);
  }

  /** Lets no program run for a while. */
  stall(forMs: Millis): void {
    const { engine } = this;
    const until = engine.now + forMs;
    if (!this.#stallEnd) {
      this.#stallEnd = engine.schedule(until, () => this.#endStall(), Rank.system);
    } else if (until > this.#stallEnd.at) engine.putOff(this.#stallEnd, until);
  }

  /** Keeps a program's work until the stall is over; work keeps its order and comes before timers. */
  putOff(work: () => void): void {
    this.#putOff.push(work);
  }

  /** Has a timer that fell due during the stall fire after it. */
  putOffTimer(timer: ScheduledEvent): void {
    this.engine.putOff(timer, this.#stallEnd?.at ?? this.engine.now);
  }

  /** Stalls, out of everybody's reach. `stopsClock`: the monotonic clock and the timers stand still as well. */
  sleep(forMs: Millis, stopsClock: boolean): void {
    this.asleep = true;
    this.stall(forMs);
    if (!stopsClock) return;
    this.lagMs += forMs;
    this.engine.postpone((owner) => this.owners.has(owner), forMs);
  }

  /** The interfaces are not what they were. */
  nicsChanged(): void {
    for (const watcher of this.nicWatchers) watcher();
  }

  #endStall(): void {
    const { engine } = this;
    this.#stallEnd = undefined;
    this.asleep = false;
    for (const work of this.#putOff.splice(0))
      engine.putOff(engine.schedule(engine.now, work), engine.now);
    this.onAwake();
  }

  /** Called when programs run again. */
  onAwake: () => void = () => {};
}
