// One end of one run, in a process of its own: runner.js receive|send RUN, where RUN is JSON.
import { Channel } from './channel.ts';
import { contenderOf } from './contenders/index.ts';
import { payloadOf } from './payload.ts';
import type { Program } from './program.ts';
import type { Run } from './run.ts';
import { WORKLOADS } from './workloads/index.ts';

// So that a profile is written, and children end as well.
process.once('SIGTERM', () => process.exit());
// Where whoever started this one is gone, a loop that never sleeps would go on for ever.
process.once('disconnect', () => process.exit());

const [role, text = ''] = process.argv.slice(2);
const { workload, contender, payload, settings } = JSON.parse(text) as Run;
const channel = new Channel();
const taking = await contenderOf(contender);
const { workloads = WORKLOADS } = taking as Partial<Program>;
const ends = workloads[workload];
if (ends === undefined) {
  channel.refuse(`it does not take part in ${workload}`);
} else {
  const end = { contender: taking, payload: payloadOf(payload), settings, channel };
  channel.report(await ends[role === 'send' ? 'send' : 'receive'](end));
}
// Whoever started this process ends it, once the other end has reported as well.
