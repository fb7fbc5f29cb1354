// `npm run test:network:write`: puts what the last run of `npm run test:network` showed into docs/reliability.md. Arguments:
// other reports to take instead, where scenarios were run in several goes, in their order in time.
import { readFileSync, writeFileSync } from 'node:fs';
import { formatted } from '../../../tools/docs/formatted.ts';
import { withFigures, type ScenarioReport } from '../scenarios/figures-section.ts';

const REPORTS = process.argv.length > 2 ? process.argv.slice(2) : ['.cache/scenarios.json'];
const PAGE = 'docs/reliability.md';

const reports = REPORTS.map((path) => JSON.parse(readFileSync(path, 'utf8')) as ScenarioReport);
const page = withFigures(readFileSync(PAGE, 'utf8'), reports);
writeFileSync(PAGE, await formatted(PAGE, page));
console.log(`${PAGE} has the figures of ${REPORTS.join(', ')}`);
