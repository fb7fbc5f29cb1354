// `npm run flood`, or `npm run flood -- --seconds N`: what a flood of connections and one of beacons cost.
import { parseArgs } from 'node:util';
import { quantile } from '../../support/quantile.ts';
import { Flood, type FloodReport } from '../flood/flood.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
const seconds = Number(values.seconds);
const PATIENCE_MS = 3_000;
const MEBIBYTE = 2 ** 20;

let failed = 0;

function tell(
  what: string,
  { perSecond, growthBytes, honestMs, failures, troubles, answered }: FloodReport,
  bounds: { readonly growthMib: number; readonly p99Ms: number },
): void {
  const mib = growthBytes / MEBIBYTE;
  const [p50, p99] = [quantile(honestMs, 0.5), quantile(honestMs, 0.99)];
  const isWithin =
    mib <= bounds.growthMib && p99 <= bounds.p99Ms && failures === 0 && troubles === 0;
  if (!isWithin) failed++;
  console.log(
    `${isWithin ? '✓' : '✗'} ${Math.round(perSecond)} ${what} a second for ${seconds} s:`,
  );
  console.log(`    memory +${mib.toFixed(1)} MiB (at most ${bounds.growthMib})`);
  console.log(
    `    ${honestMs.length} honest peers came in: median ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms ` +
      `(at most ${bounds.p99Ms}); ${failures} did not`,
  );
  console.log(`    the peer that was there: ${answered} answers, ${troubles} troubles`);
}

{
  await using flood = await Flood.prepare(PATIENCE_MS);
  const connections = await flood.connections({ perSecond: 2_000, seconds });
  tell('connections', connections, { growthMib: 64, p99Ms: 50 });
  const beacons = await flood.beacons({ perSecond: 50_000, seconds });
  tell('beacons', beacons, { growthMib: 16, p99Ms: PATIENCE_MS });
}
process.exit(failed);
