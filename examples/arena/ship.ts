import { ShipState } from './messages.ts';

/** The arena in units; a page shows all of it, in whatever size it has. */
const ARENA = { width: 1600, height: 900 } as const;

/** What a player holds down. */
export type Keys = ReadonlySet<string>;

const TURN = 2.4; // radians a second
const THRUST = 800; // units a second, each second
const DRAG = 1.1; // part of the speed lost each second
const BOUNCE = 0.7; // part of the speed kept at a wall
const RADIUS = 28;

/** A ship that turns, thrusts, drifts, and bounces off the walls. */
export class Ship {
  x: number = ARENA.width * (0.2 + 0.6 * Math.random());
  y: number = ARENA.height * (0.2 + 0.6 * Math.random());
  vx = 0;
  vy = 0;
  heading: number = 2 * Math.PI * Math.random();
  thrust = false;

  /** Moves on by a step of time, in seconds. */
  step(seconds: number, keys: Keys): void {
    this.heading += TURN * seconds * (Number(keys.has('right')) - Number(keys.has('left')));
    this.thrust = keys.has('up');
    const power = this.thrust ? THRUST * seconds : 0;
    const kept = 1 - DRAG * seconds;
    this.vx = (this.vx + power * Math.cos(this.heading)) * kept;
    this.vy = (this.vy + power * Math.sin(this.heading)) * kept;
    this.x += this.vx * seconds;
    this.y += this.vy * seconds;
    if (this.x < RADIUS || this.x > ARENA.width - RADIUS) this.vx *= -BOUNCE;
    if (this.y < RADIUS || this.y > ARENA.height - RADIUS) this.vy *= -BOUNCE;
    this.x = Math.max(RADIUS, Math.min(this.x, ARENA.width - RADIUS));
    this.y = Math.max(RADIUS, Math.min(this.y, ARENA.height - RADIUS));
  }

  /** Where it is and how it moves, for others; `at` is the time up to which it has moved. */
  stateAt(at: number): ShipState {
    const { x, y, vx, vy, heading, thrust } = this;
    return new ShipState({ at, x, y, vx, vy, heading, thrust });
  }
}
