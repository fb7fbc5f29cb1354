/** The short form of `npm run flood`: what it shows here is survival; how fast that goes is for an idle machine. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Flood, type FloodReport } from './flood/flood.ts';

const SECONDS = 3;
/** A machine that does other things as well must only show that nobody is kept out. */
const PATIENCE_MS = 20_000;
const MEBIBYTE = 2 ** 20;

let flood: Flood;
beforeAll(async () => {
  flood = await Flood.prepare(PATIENCE_MS);
}, 120_000);
afterAll(() => flood[Symbol.asyncDispose]());

function expectSurvival({
  growthBytes,
  honestMs,
  failures,
  troubles,
  answered,
}: FloodReport): void {
  expect([failures, troubles]).toEqual([0, 0]);
  expect(honestMs.length).toBeGreaterThan(0);
  expect(answered).toBeGreaterThan(0);
  expect(growthBytes).toBeLessThanOrEqual(96 * MEBIBYTE);
}

test('a flood of connections that never complete costs no peer and keeps nobody out (T5)', async () => {
  const report = await flood.connections({ perSecond: 2_000, seconds: SECONDS });
  expect(report.perSecond).toBeGreaterThan(0);
  expectSurvival(report);
}, 120_000);

test('a flood of beacons costs no peer and hides no newcomer (T3)', async () => {
  const report = await flood.beacons({ perSecond: 50_000, seconds: SECONDS });
  expect(report.perSecond).toBeGreaterThan(0);
  expectSurvival(report);
}, 120_000);
