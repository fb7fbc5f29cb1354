// `npm run soak -- --hours N` in one simulated world, `npm run soak -- --real MINUTES` on real sockets.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { freeUdpPort } from '../../compliance/free-udp-port.ts';
import { sayCensus } from '../soak/census.ts';
import { slope, type Sample } from '../soak/memory.ts';
import { soakReal } from '../soak/real.ts';
import { soakSimulated, type SoakReport } from '../soak/simulated.ts';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '20' },
    real: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** Seconds between two quiet moments on real sockets. */
    trouble: { type: 'string', default: '10' },
    /** Seconds in which it must become quiet there. */
    patience: { type: 'string', default: '60' },
    report: { type: 'string' },
  },
});

const MEBIBYTE = 2 ** 20;
/** Of the heap, between the first and the last quiet moment after a warm-up: what is compiled late, but no leak. */
const MOST_GROWTH_BYTES = 4 * MEBIBYTE;
const isReal = values.real !== undefined;
const seed = Number(values.seed);
const began = performance.now();

const code = await soak().then(tell, (thrown: unknown) => {
  console.log(`soak: ${String(thrown)}`);
  return finish(0, 1);
});
process.exit(code); // what was left open would keep it

async function soak(): Promise<SoakReport> {
  if (!isReal) return soakSimulated({ hours: Number(values.hours), seed, onQuiet: show });
  const udpPort = await freeUdpPort();
  return soakReal({
    minutes: Number(values.real),
    seed,
    udpPort,
    troubleMs: 1_000 * Number(values.trouble),
    quietWithinMs: 1_000 * Number(values.patience),
    onQuiet: show,
  });
}

function show({ atHours, heapBytes, residentBytes }: Sample): void {
  const at = isReal ? `${(60 * atHours).toFixed(1)} min` : `${atHours.toFixed(1)} h`;
  console.log(`quiet after ${at}: heap ${inMib(heapBytes)}, resident ${inMib(residentBytes)}`);
}

function inMib(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(2)} MiB`;
}

/** The report for people; its exit code. */
function tell({ census, samples, events, heard }: SoakReport): number {
  const warm = samples.slice(Math.floor(samples.length / 5));
  const growth = (warm.at(-1)?.heapBytes ?? 0) - (warm[0]?.heapBytes ?? 0);
  const list = Object.entries(events).map(([name, times]) => `${name} ${times}`);
  const hours = isReal ? 'an hour' : 'a simulated hour';
  console.log(`at each of ${samples.length} quiet moments: ${sayCensus(census)}; none in the end`);
  console.log(`events: ${list.join(', ')}; ${heard} messages heard`);
  if (warm.length > 1) {
    console.log(
      `heap: ${inMib(growth)} more since the warm-up, ${inMib(slope(warm, 'heapBytes'))} ${hours}`,
    );
    if (isReal) console.log(`resident memory: ${inMib(slope(warm, 'residentBytes'))} ${hours}`);
  }
  console.log(`${((performance.now() - began) / 1_000).toFixed(0)} s`);
  // Without --expose-gc the heap says nothing.
  const isLeaking = globalThis.gc !== undefined && growth > MOST_GROWTH_BYTES;
  if (isLeaking) console.log(`the heap grew by more than ${inMib(MOST_GROWTH_BYTES)}`);
  return finish(samples.length, isLeaking ? 1 : 0);
}

function finish(passed: number, failed: number): number {
  if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed, failed }));
  return failed > 0 ? 1 : 0;
}
