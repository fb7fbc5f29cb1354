// The last line of a CI run, from the test runner's own report: `node --import tsx tools/ci/print-summary.ts report.json`.
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { summarize, type Report } from './summarize.ts';

let report: Report;
try {
  report = JSON.parse(readFileSync(argv[2]!, 'utf8')) as Report;
} catch (error) {
  console.log(`the tests left no report: ${String(error)}`);
  report = { success: false, testResults: [] };
}
const { line, passed } = summarize(report);
console.log(line);
process.exitCode = passed ? 0 : 1;
