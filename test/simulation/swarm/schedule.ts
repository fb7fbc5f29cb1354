import { Prng, World } from '@cablecar/simulator';
import type { FaultName } from './fault-names.ts';
import { heal, strike } from './faults.ts';
import { Ledger, Violation } from './ledger.ts';
import { planOf, type Plan } from './plan.ts';
import { Player, type Talk } from './player.ts';
import { hasSpoken } from './speak.ts';
import type { Stage } from './stage.ts';
import { WireWatch } from './wire-watch.ts';

/** What a schedule did, so that it is seen that what it is for did happen. */
export interface Outcome {
  readonly plan: Plan;
  readonly hash: string;
  readonly messages: number;
  readonly faults: readonly FaultName[];
  /** How talks ended before the end of the schedule, by code, and how often they were resumed. */
  readonly ends: Readonly<Record<string, number>>;
}

/** How long everything may take to be as it should once nothing goes wrong any more. */
const SETTLE_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** How a schedule is run. */
export interface ScheduleOptions {
  /** Whether to keep a transcript, or just its hash. @default false */
  readonly transcript?: boolean;
  /** Told of the world before anything happens in it. */
  readonly onWorld?: (world: World) => void;
}

/**
 * Runs one schedule of the shipped code, the facade and everything beneath it.
 * Rejects with what is wrong: a {@link Violation}, or what was thrown.
 */
export async function runSchedule(seed: number, options: ScheduleOptions = {}): Promise<Outcome> {
  const plan = planOf(seed);
  const { transcript = false, onWorld } = options;
  const world = new World({ seed, network: plan.network, transcript });
  onWorld?.(world);
  let failure: { readonly thrown: unknown } | undefined;
  const fail = (thrown: unknown): void => void (failure ??= { thrown });
  const ledger = new Ledger();
  const prng = new Prng(seed, 'players');
  const stage: Stage = { world, plan, ledger, prng, isOver: false, fail };
  const watch = new WireWatch(world, fail);
  const players = plan.roles.map((role) => new Player(role, stage));
  const arena = { world, prng, players };
  /** Lets time pass, with a look at everything now and then. */
  const pass = async (forMs: number, isEnough: () => boolean = () => false): Promise<void> => {
    for (let left = forMs; left > 0 && !isEnough(); left -= LOOK_EVERY_MS) {
      await world.run({ forMs: Math.min(left, LOOK_EVERY_MS) });
      for (const player of players) look(player, plan);
      if (failure) throw failure.thrown;
    }
  };

  for (const player of players) world.after(prng.magnitude([1, 300]), () => player.begin());
  for (const { atMs, fault } of plan.faults) world.after(atMs, () => strike(fault, arena));
  await pass(plan.troubleMs);

  /** Lets time pass until nobody has a complaint. */
  const settle = async (complain: () => string | undefined): Promise<void> => {
    await pass(SETTLE_MS, () => complain() === undefined);
    const wrong = complain();
    if (wrong !== undefined) throw new Violation(`after ${SETTLE_MS} ms without faults ${wrong}`);
  };
  const complain = (): string | undefined => {
    for (const player of players) {
      const wrong = complaint(player, stage, players);
      if (wrong !== undefined) return wrong;
    }
    return ledger.unheard() ?? ledger.misheardEnd(plan, false);
  };
  heal(arena);
  await settle(complain);
  stage.isOver = true;
  for (const player of players) player.leave();
  await settle(() => {
    const [left] = world.openHandles();
    if (left) return `a ${left.kind} is left, ${left.detail}`;
    return ledger.unheard() ?? ledger.misheardEnd(plan, true);
  });
  watch.end();
  return outcomeOf(plan, ledger, world.transcriptHash);
}

/** Bounds that hold at every moment. */
function look({ role, talks }: Player, { session }: Plan): void {
  for (const { peer } of talks.values()) {
    const { messagesWaiting, messagesPending } = peer.stats;
    if (messagesWaiting > session.inboxMessages) {
      throw new Violation(`${messagesWaiting} messages wait unread at ${role.name}`);
    }
    if (messagesPending < 0) throw new Violation(`${messagesPending} messages pending`);
  }
}

/** What is not yet as it should be with a player; undefined when all is well. */
function complaint(
  player: Player,
  { ledger }: Stage,
  players: readonly Player[],
): string | undefined {
  const { name } = player.role;
  if (!player.isHere) return `${name} is not there`;
  const lives = new Set(players.map(({ life }) => life));
  for (const other of players) {
    if (other === player) continue;
    const [to, back] = [player.talks.get(other.life), other.talks.get(player.life)];
    if (isParted(to) || isParted(back)) continue;
    if (to === undefined || to.end) return `${name} has not met ${other.role.name}`;
    if (player.mesh?.peers.get(to.peer.info.id) !== to.peer)
      return `${name} has another ${other.role.name}`;
    if (!hasSpoken(player.role, to.said)) return `${name} has more to say`;
    if (!ledger.isComplete(to.said)) {
      const { reliable } = ledger.heardOf(to.said) ?? { reliable: 0 };
      return `${other.role.name} has heard ${reliable} of ${to.said.reliable} of ${name}`;
    }
    if (to.peer.stats.messagesPending > 0)
      return `${to.peer.stats.messagesPending} messages of ${name} are pending`;
  }
  for (const [life, { end }] of player.talks) {
    if (end === undefined && !lives.has(life))
      return `${name} still talks to life ${life}, which is over`;
  }
  return undefined;
}

/** Whether two have parted in order, after which neither looks for the other. */
function isParted(talk: Talk | undefined): boolean {
  return talk?.end?.code === 'closed' || talk?.end?.code === 'goodbye';
}

function outcomeOf(plan: Plan, ledger: Ledger, hash: string): Outcome {
  const ends: Record<string, number> = {};
  let messages = 0;
  for (const { end, total } of ledger.said.values()) {
    const code = end?.code ?? 'none';
    ends[code] = (ends[code] ?? 0) + 1;
    messages += total;
  }
  return { plan, hash, messages, ends, faults: plan.faults.map(({ fault }) => fault) };
}
