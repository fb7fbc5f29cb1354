// The last line of a CI run, from what its steps reported: `node --import tsx tools/ci/print-summary.ts tests.json fuzz.json`.
import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { summarize, type Tally, type TestReport } from './summarize.ts';

/** One report; a step that left none has failed. */
function read(path: string): TestReport | Tally {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestReport | Tally;
  } catch (error) {
    console.log(`a step left no report: ${String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

const { line, passed } = summarize(argv.slice(2).map(read));
console.log(line);
process.exitCode = passed ? 0 : 1;
