// `npm run properties -- --cases N`: tries what is to hold for every message, frame and session on N structured cases.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROPERTIES, tryOut } from '../campaign.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    report: { type: 'string' },
  },
});

const seed = Number(values.seed);
let [passed, failed] = [0, 0];
for (const property of PROPERTIES) {
  const before = process.cpuUsage();
  const { name, cases, failure } = await tryOut(property, { cases: Number(values.cases), seed });
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${String(cases).padStart(7)} cases in ${((user + system) / 1e6).toFixed(1)} s: ${name}`,
  );
  if (failure === undefined) passed += cases;
  else failed++;
  if (failure !== undefined) console.log(`seed ${seed}: ${failure}`);
}
const { user, system } = process.cpuUsage();
console.log(
  `${passed} cases hold, ${failed} properties do not; ${((user + system) / 1e6).toFixed(0)} s of a processor`,
);
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed, failed }));
process.exitCode = failed > 0 ? 1 : 0;
