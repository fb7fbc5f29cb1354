// cablecar beside its rivals: bench.ts [--all] [--only ID,…] [--of NAME,…] [--rounds N]
import { parseArgs } from 'node:util';
import { describeMachine, movedIntoNamespace } from './machine.ts';
import { keep } from './results.ts';
import { compare } from './rounds.ts';
import { exitOnSignals } from './signals.ts';
import { FULL_SUITE, SHORT_SUITE } from './suite.ts';
import { tableOf } from './table.ts';

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    of: { type: 'string' },
    rounds: { type: 'string' },
  },
});

if (!(await movedIntoNamespace())) {
  exitOnSignals();
  const machine = describeMachine();
  const { cpu, cores, memoryGiB, system, node, load, isAlone } = machine;
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, load ${load}`);
  if (!isAlone) console.log("packets are everybody's: there is no network namespace to be had");
  const wanted = values.only?.split(',');
  const names = values.of?.split(',');
  const suite = values.all ? FULL_SUITE : SHORT_SUITE;
  for (const comparison of suite) {
    if (wanted !== undefined && !wanted.includes(comparison.id)) continue;
    const rounds = values.rounds === undefined ? comparison.rounds : Number(values.rounds);
    const entries = comparison.entries.filter(({ label }) => names?.includes(label) ?? true);
    const result = await compare({ ...comparison, entries, rounds }, ({ label }, round) => {
      if (process.stderr.isTTY)
        process.stderr.write(`\r\u001b[K${comparison.id} ${round} ${label}`);
    });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    if (values.all && names === undefined && result.rows.length > 0) keep(result, machine);
    console.log(tableOf(result));
  }
}
