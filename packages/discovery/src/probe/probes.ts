import {
  formatEndpoint,
  type BeaconRoad,
  type Endpoint,
  type Millis,
} from '@cablecar/core-protocol';

/** A road to one address alone. */
export type ProbeRoad = Extract<BeaconRoad, 'peers' | 'gossip' | 'remembered'>;

/** A question to be sent, or a name to be resolved first. */
export interface Probe {
  readonly endpoint: Endpoint;
  readonly road: ProbeRoad;
}

interface Target extends Probe {
  /** Questions so far since it was last met. */
  tries: number;
  due: Millis;
}

/** After so many seconds each time, and from there on as the last one says. */
const GAPS_MS: readonly Millis[] = [1000, 2000, 4000, 8000];
/** Questions before a target is given up; what a user named is never. */
const TRIES = { peers: Infinity, remembered: 12, gossip: 3 } as const;
/** Nobody can have us ask at once again whom we have just asked in vain. */
const REST_MS: Millis = 60_000;
const MAX_TARGETS = { peers: 64, remembered: 64, gossip: 256 } as const;
const MAX_GOSSIP_OF_HOST = 4;

/**
 * Whom to ask by a beacon to its address alone, and when: sooner at first, ever more rarely while nobody answers. Who has
 * been met is not asked. Bounded.
 */
export class Probes {
  readonly #targets = new Map<string, Target>();
  readonly #groupPort: number;
  readonly #isMet: (endpoint: Endpoint) => boolean;

  /** `isMet` tells whether there is a link with a program at an address. */
  constructor(groupPort: number, isMet: (endpoint: Endpoint) => boolean) {
    this.#groupPort = groupPort;
    this.#isMet = isMet;
  }

  /** When somebody is to be asked next. */
  get due(): Millis | undefined {
    const due = Math.min(...[...this.#targets.values()].map((target) => target.due));
    return due === Infinity ? undefined : due;
  }

  /** Asks there from now on. What is asked already, and what there is no room for, changes nothing. */
  add({ endpoint, road }: Probe, now: Millis): void {
    const key = formatEndpoint(endpoint);
    if (this.#targets.has(key) || !this.#hasRoom(endpoint, road)) return;
    this.#targets.set(key, { endpoint, road, tries: 0, due: now });
  }

  /** What is to be asked now. */
  take(now: Millis): readonly Probe[] {
    const probes: Probe[] = [];
    for (const [key, target] of this.#targets) {
      if (target.due > now) continue;
      if (target.tries >= TRIES[target.road]) this.#targets.delete(key);
      else if (this.#isMet(target.endpoint)) this.#rest(key, target, now);
      else probes.push(this.#ask(target, now));
    }
    return probes;
  }

  /** Somebody was lost, or the network has changed: whom the user named is asked without delay. */
  hurry(now: Millis): void {
    for (const target of this.#targets.values()) {
      if (target.road !== 'peers' || target.tries === 1) continue;
      target.tries = 0;
      target.due = now;
    }
  }

  clear(): void {
    this.#targets.clear();
  }

  #ask(target: Target, now: Millis): Probe {
    const { endpoint, road } = target;
    const wait = GAPS_MS[Math.min(target.tries++, GAPS_MS.length - 1)] ?? REST_MS;
    target.due = now + (target.tries < TRIES[road] ? wait : REST_MS);
    // Where a firewall opens one port only, it is that of the broadcasts.
    const port = road !== 'peers' && target.tries % 2 === 0 ? this.#groupPort : endpoint.port;
    return { endpoint: { host: endpoint.host, port }, road };
  }

  /** It is there. Only what a user named is asked again when it is not any more. */
  #rest(key: string, target: Target, now: Millis): void {
    if (target.road !== 'peers') return void this.#targets.delete(key);
    target.tries = 0;
    target.due = now + (GAPS_MS.at(-1) ?? REST_MS);
  }

  #hasRoom({ host }: Endpoint, road: ProbeRoad): boolean {
    const others = [...this.#targets.values()].filter((target) => target.road === road);
    if (others.length >= MAX_TARGETS[road]) return false;
    const ofHost = others.filter(({ endpoint }) => endpoint.host === host).length;
    return road !== 'gossip' || ofHost < MAX_GOSSIP_OF_HOST;
  }
}
