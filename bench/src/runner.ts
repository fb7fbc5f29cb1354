// One end of one run, in a process of its own: runner.js receive|send RUN, where RUN is JSON.
import { Channel } from './channel.ts';
import { contenderOf } from './contenders/index.ts';
import { payloadOf } from './payload.ts';
import type { Program } from './program.ts';
import type { Run } from './run.ts';
import { exitOnSignals } from './signals.ts';
import { WORKLOADS } from './workloads/index.ts';

exitOnSignals();
process.once('disconnect', () => process.exit()); // nobody is left who would end it

const [role, text = ''] = process.argv.slice(2);
const { workload, contender, payload, settings } = JSON.parse(text) as Run;
const channel = new Channel();
try {
  const taking = await contenderOf(contender);
  const { workloads = WORKLOADS } = taking as Partial<Program>;
  const ends = workloads[workload];
  if (ends === undefined) {
    channel.fail(`it does not take part in ${workload}`);
  } else {
    const end = { contender: taking as never, payload: payloadOf(payload), settings, channel };
    channel.report(await ends[role === 'send' ? 'send' : 'receive'](end));
  }
} catch (error) {
  console.error(error);
  channel.fail((error as Error).message);
}
// Whoever started this process ends it, once the other end has reported as well.
