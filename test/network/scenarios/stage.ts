import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Lan } from '../lan.ts';
import type { TalkerReport } from '../programs/talker.ts';
import type { Talk } from '../talking/conversation.ts';
import { isComplete, judge, type Verdict } from './judge.ts';
import { Talker, type TalkerEvent, type TalkerSettings } from './talker.ts';

/** What a scenario showed, for the report. */
export interface Figures extends Verdict {
  /** How much more memory a talker held at its peak than before it joined, the greediest of them. */
  readonly grownBytes?: number;
  /** How often somebody was back after a suspicion or a lost connection. */
  readonly resumes?: number;
  /** How often somebody stood still for a while, and how often somebody was taken for dead because of that. */
  readonly stalls?: number;
  readonly falseDeaths?: number;
  /** How long a newcomer took to meet everybody in the middle of a siege. */
  readonly newcomerMs?: number;
  /** How many meetings there were in which both dialled. */
  readonly crossed?: number;
  /** From each cut, as it was made, to the `suspect` of each who saw it. */
  readonly suspectMs?: readonly number[];
  /** From each heal, as it was made, to the `resume` of each who saw it. */
  readonly resumeMs?: readonly number[];
}

/** How a scenario ends. */
export interface Ending {
  /** How long everything that is to be said may take to be heard. */
  readonly withinMs?: number;
  readonly cuts?: readonly Cut[];
}

/** A time in which some could not hear others. */
export interface Cut {
  /** When it was made and when it was healed, by {@link monotonicMs}. */
  readonly at: number;
  readonly healedAt: number;
  /** How many conversations it concerns, each end counted. */
  readonly ends: number;
}

/** How long everybody is left alone before they are asked again, for each of them. */
const POLL_MS_EACH = 10;
const MEETING_MS = 90_000;
/** After the end of a scenario nobody may hold on to a peer that is gone, or miss one that is there, for longer. */
const GHOST_MS = 10_000;
/** What a talker may hold at its peak beyond what it began with. */
const GROWTH_BYTES = 192 * 2 ** 20;
const SUSPECT_MS = 3_500;
const RESUME_MS = 1_500;

/** Talkers on one LAN, from their meeting to the verdict on all that they said. */
export class Stage {
  readonly lan: Lan;
  readonly #talkers: Talker[] = [];
  readonly #killed: TalkerReport[] = [];
  readonly #apart: (readonly string[])[] = [];

  constructor(lan: Lan) {
    this.lan = lan;
  }

  /** Brings a talker onto a host, its code loaded and nothing else. */
  async load(host: number, settings: Partial<TalkerSettings> = {}): Promise<Talker> {
    const talker = await Talker.load(this.lan.host(host), { name: `host ${host}`, ...settings });
    this.#talkers.push(talker);
    return talker;
  }

  /**
   * Brings a talker onto every host, or onto the first few, and has them join at once; resolves when everybody has met
   * everybody.
   */
  async meet(
    settings: Partial<TalkerSettings> = {},
    hostCount = this.lan.hosts.length,
  ): Promise<readonly Talker[]> {
    const hosts = [...this.lan.hosts.keys()].slice(0, hostCount);
    const talkers = await Promise.all(hosts.map((host) => this.load(host, settings)));
    await Promise.all(talkers.map((talker) => talker.join()));
    await this.untilMet();
    return talkers;
  }

  /** Says of two talkers that they cannot meet. */
  keepApart(...names: readonly [string, string]): void {
    this.#apart.push(names);
  }

  /** Has everybody say so much to each of the others. */
  talk(talk: Talk): void {
    for (const talker of this.#talkers) talker.order({ do: 'talk', ...talk });
  }

  /** Kills a talker in the middle of whatever it does. */
  async kill(talker: Talker): Promise<void> {
    this.#killed.push(await talker.report());
    this.#talkers.splice(this.#talkers.indexOf(talker), 1);
    talker.signal('SIGKILL');
    await talker.exited;
  }

  /** What everybody knows at this moment. */
  reports(): Promise<readonly TalkerReport[]> {
    return Promise.all(this.#talkers.map((talker) => talker.report()));
  }

  /**
   * Waits for the end of all talk and judges it: everything was heard once and in order or counted in a `close`, memory
   * was bounded, and everybody who lives has everybody else who lives as a peer, and nobody else.
   */
  async conclude({ withinMs = 60_000, cuts = [] }: Ending = {}): Promise<Figures> {
    await this.until(withinMs, (living) => isComplete({ living, killed: this.#killed }));
    await this.untilMet(GHOST_MS);
    const living = await this.reports();
    const verdict = judge({ living, killed: this.#killed });
    const grownBytes = Math.max(
      ...living.map(({ peakBytes, beganBytes }) => peakBytes - beganBytes),
    );
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, reordered: 0, damaged: 0, strange: 0 });
    expect(grownBytes).toBeLessThanOrEqual(GROWTH_BYTES);
    const resumes = this.#talkers.flatMap((talker) => talker.events('resume')).length;
    return { ...verdict, grownBytes, resumes, ...this.#responses(cuts) };
  }

  /** How long each end took to suspect what it could not hear, and to be back once it could. */
  #responses(cuts: readonly Cut[]): Pick<Figures, 'suspectMs' | 'resumeMs'> {
    const suspectMs: number[] = [];
    const resumeMs: number[] = [];
    for (const { at, healedAt, ends } of cuts) {
      const suspects = this.#delays('suspect', at);
      const resumes = this.#delays('resume', healedAt);
      expect([suspects.length, resumes.length]).toEqual([ends, ends]);
      suspectMs.push(...suspects);
      resumeMs.push(...resumes);
    }
    if (cuts.length === 0) return {};
    expect(Math.max(...suspectMs)).toBeLessThanOrEqual(SUSPECT_MS);
    expect(Math.max(...resumeMs)).toBeLessThanOrEqual(RESUME_MS);
    return { suspectMs, resumeMs };
  }

  /** From a moment to the first event of a kind in each conversation that had one after it. */
  #delays(event: TalkerEvent, since: number): readonly number[] {
    const first = new Map<unknown, number>();
    for (const line of this.#talkers.flatMap((talker) => talker.events(event))) {
      const at = Number(line['at']);
      if (at >= since && !first.has(line['life'])) first.set(line['life'], at - since);
    }
    return [...first.values()];
  }

  /** Waits until what everybody knows fits; when time is up, the caller sees what it has. */
  async until(withinMs: number, fits: (living: readonly TalkerReport[]) => boolean): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!fits(await this.reports()) && performance.now() < deadline) {
      await sleep(Math.max(50, POLL_MS_EACH * this.#talkers.length));
    }
  }

  /** Waits until everybody has everybody who is there as a peer, and nobody else; fails when time is up. */
  async untilMet(withinMs = MEETING_MS): Promise<void> {
    let seen: readonly TalkerReport[] = [];
    await this.until(withinMs, (living) => {
      seen = living;
      return peersOf(living).join() === this.#expectedPeers(living).join();
    });
    expect(peersOf(seen)).toEqual(this.#expectedPeers(seen));
  }

  /** Ends every talker. */
  async close(): Promise<void> {
    await Promise.all(this.#talkers.map((talker) => talker.stop()));
  }

  #expectedPeers(living: readonly TalkerReport[]): readonly string[] {
    const areApart = (one: TalkerReport, other: TalkerReport): boolean =>
      one.service !== other.service ||
      this.#apart.some((names) => names.includes(one.name) && names.includes(other.name));
    return living.map((one) => {
      const others = living.filter((other) => other !== one && !areApart(one, other));
      const there = others.filter((other) => !one.isClosed && !other.isClosed);
      return peersOf([{ ...one, peers: there.map(({ id }) => id) }]).join();
    });
  }
}

/** Each talker with its peers, in words. */
function peersOf(living: readonly TalkerReport[]): readonly string[] {
  return living.map(({ name, peers }) => `${name}: ${[...peers].sort().join(' ')}`);
}
